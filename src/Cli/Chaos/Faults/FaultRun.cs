using System.Globalization;
using Rosa.Cli.Load;

namespace Rosa.Cli.Chaos.Faults;

/// <summary>What people noticed of one fault, and what it did to what they bought.</summary>
/// <param name="LongestGap">In which no order was confirmed.</param>
/// <param name="Healed">From the moment when nothing more was done to the shop (or from the fault, when that was over at once) to the last broken answer.</param>
/// <param name="Whole">From there until every process was back and ready.</param>
/// <param name="Rates">Orders confirmed in each half second of the run.</param>
/// <param name="BrokenAt">When the fault began, on the scale of <paramref name="Rates"/>.</param>
sealed record FaultResult(
    Fault Fault, long Sent, long Repeated, long Failed, long Orders, TimeSpan LongestGap, TimeSpan Healed, TimeSpan Whole, Damage Damage,
    IReadOnlyList<int> Rates, TimeSpan BrokenAt, IReadOnlyList<BrokenAnswer> BrokenAnswers)
{
    public bool Held => Damage.Sum == 0 && (Failed == 0 || Fault.MayFail);
}

/// <summary>Lets people buy, breaks the shop, waits until it is well, and counts.</summary>
sealed class FaultRun(RosaInstance rosa, IReadOnlyList<Guid> products, IReadOnlyList<Guid> scarce, Random random)
{
    public static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(45), before = TimeSpan.FromSeconds(5), after = TimeSpan.FromSeconds(10);

    /// <summary>Lets people buy for a while, as they have in any shop that a fault finds: just started, twenty processes are still compiling.</summary>
    public async Task WarmUpAsync(int people, CancellationToken cancellationToken)
    {
        using var shoppers = await Shoppers.SignUpAsync(rosa.Addresses.Gateway, people, products, scarce, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(warmUp);
        await shoppers.RunAsync(enough.Token);
    }

    public async Task<FaultResult> RunAsync(Fault fault, int people, CancellationToken cancellationToken)
    {
        var shop = new BrokenShop(rosa, random, cancellationToken);
        var books = new ShopBooks(rosa);
        await shop.WholeAsync();
        await books.SettleAsync(cancellationToken);
        var available = await books.AvailableAsync(cancellationToken);

        using var shoppers = await Shoppers.SignUpAsync(rosa.Addresses.Gateway, people, products, scarce, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shopping = shoppers.RunAsync(enough.Token);
        await Task.Delay(before, cancellationToken);

        var began = shoppers.Now;
        await fault.BreakAsync(shop, cancellationToken);
        var over = shoppers.Now;
        var whole = await shop.WholeAsync();
        await Task.Delay(after, cancellationToken);
        var ended = shoppers.Now;
        await enough.CancelAsync();
        await shopping;

        await books.SettleAsync(cancellationToken);
        var damage = await books.CompareAsync(shoppers, available, cancellationToken);
        var gap = LongestGap(shoppers.Sales, began, ended);
        var broken = shoppers.Broken.Where(answer => answer.At >= began).ToList();
        var healed = broken is [.., var last] && last.At > over ? last.At - over : TimeSpan.Zero;
        return new FaultResult(
            fault, shoppers.Sent, shoppers.Repeated, shoppers.Failed, shoppers.Told.Count, gap, healed, whole, damage, Rates(shoppers.Sales, ended), began, broken);
    }

    static TimeSpan LongestGap(IReadOnlyList<TimeSpan> sales, TimeSpan from, TimeSpan to)
    {
        var moments = sales.Where(at => at > from && at < to).Prepend(from).Append(to).ToList();
        return moments.Zip(moments.Skip(1), (one, next) => next - one).Max();
    }

    static int[] Rates(IReadOnlyList<TimeSpan> sales, TimeSpan to)
    {
        var rates = new int[(int)Math.Ceiling(to / Slot)];
        foreach (var at in sales) if (at < to) rates[(int)(at / Slot)]++;
        return rates;
    }
}

/// <summary>The results side by side, for a terminal and in Markdown.</summary>
static class FaultTable
{
    static readonly string[] heads = ["fault", "requests", "repeated", "failed", "orders", "longest gap s", "healed s", "whole s", "lost", "charged twice", "oversold", "other damage", ""];

    public static string Text(IReadOnlyList<FaultResult> results)
    {
        var rows = results.Select(Row).Prepend(heads).ToList();
        var widths = Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd() + "\n"));
    }

    public static string Markdown(IReadOnlyList<FaultResult> results) =>
        $"| {string.Join(" | ", heads)} |\n| --- |{string.Concat(Enumerable.Repeat(" ---: |", heads.Length - 1))}\n{string.Concat(results.Select(result => $"| {string.Join(" | ", Row(result))} |\n"))}";

    public static string[] Row(FaultResult result) =>
    [
        result.Fault.Name, Number(result.Sent), Number(result.Repeated), Number(result.Failed), Number(result.Orders), Seconds(result.LongestGap), Seconds(result.Healed), Seconds(result.Whole),
        Number(result.Damage.Lost), Number(result.Damage.ChargedTwice), Number(result.Damage.Oversold),
        Number(result.Damage.Doubled + result.Damage.ChargedForNothing + result.Damage.NotCharged + result.Damage.Untold), result.Held ? "held" : "BROKEN",
    ];

    static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
