using System.Diagnostics;

namespace Rosa.Platform.Resilience;

/// <summary>
/// Named places where a test ends the process on the spot (<c>ROSA_CRASH_AT=orders.charge.after</c>, never in production),
/// as a power cut would: nothing is flushed, nothing is disposed. <c>rosa chaos --list</c> prints <see cref="All"/>.
/// </summary>
/// <remarks>
/// Of many processes one shall die, while they run: <c>ROSA_CRASH_FOLDER</c> names a folder that all look into, and a file there with the name of a point is
/// taken by the first process that reaches it, which dies of it alone. What is left is <c>orders.charge.after.taken</c> with its number.
/// </remarks>
public static class CrashPoint
{
    /// <summary>Every point, with the moment it stands for.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["orders.place.before"] = "an order was asked for, nothing is written",
        ["orders.place.after"] = "the intent to order is durable, nothing is reserved",
        ["orders.reserve.before"] = "about to ask the catalog for stock",
        ["orders.reserve.after"] = "the stock is held, the order does not know it yet",
        ["orders.redeem.before"] = "about to redeem the promo code",
        ["orders.redeem.after"] = "the use is counted, the order does not know it yet",
        ["orders.charge.before"] = "about to charge",
        ["orders.charge.after"] = "the money is taken, the order does not know it yet",
        ["orders.commit.before"] = "about to turn the reservation into a sale",
        ["orders.commit.after"] = "the stock is sold, the order is not confirmed yet",
        ["orders.confirm.before"] = "about to write the confirmation",
        ["orders.confirm.after"] = "the order is confirmed, the customer has no answer yet",
        ["orders.cancel.after"] = "the cancellation is durable, nothing is given back",
        ["orders.refund.before"] = "about to refund",
        ["orders.refund.after"] = "the refund is made, the order does not know it yet",
        ["orders.release-stock.before"] = "about to give the stock back",
        ["orders.release-stock.after"] = "the stock is back, the order does not know it yet",
        ["orders.release-promo.before"] = "about to give the promo use back",
        ["orders.release-promo.after"] = "the use is back, the order does not know it yet",
        ["payments.provider.before"] = "the payment is recorded, the provider is not asked yet",
        ["payments.provider.after"] = "the provider has taken the money, the payment is not marked yet",
        ["payments.captured.after"] = "the payment is marked, the caller has no answer yet",
        ["payments.refund.before"] = "the refund is recorded, the provider is not asked yet",
        ["payments.refund.after"] = "the provider has refunded, the refund is not marked yet",
        ["catalog.reserve.before"] = "about to hold stock",
        ["catalog.reserve.after"] = "the stock is held, the caller has no answer yet",
        ["catalog.commit.after"] = "the stock is sold, the caller has no answer yet",
        ["promotions.redeem.after"] = "the use is counted, the caller has no answer yet",
        ["relay.publish.before"] = "events are read from the outbox, none is handed over",
        ["relay.publish.after"] = "events are handed over, the outbox still holds them",
        ["relay.delete.after"] = "events are handed over and gone from the outbox",
        ["inbox.receive.before"] = "events arrived, none is stored",
        ["inbox.receive.after"] = "events are stored, the sender does not know it yet",
        ["inbox.handle.before"] = "an event was claimed, its handler has not run",
        ["inbox.handle.after"] = "the handler has run, nothing is committed",
        ["inbox.commit.after"] = "the effect and the mark are committed",
    };

    static readonly string? chosen = Setting("ROSA_CRASH_AT"), folder = Setting("ROSA_CRASH_FOLDER");

    /// <summary>Ends the process here when this point was chosen.</summary>
    public static void Here(string name)
    {
        if (chosen is null && folder is null) return;
        if (chosen != name && !IsTaken(name)) return;
        Console.Error.WriteLine($"ROSA_CRASH_AT={name}: ending the process.");
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Whether this process is the one that dies of the file: a file is renamed once.</summary>
    static bool IsTaken(string name)
    {
        if (folder is null) return false;
        var (file, draft) = (Path.Combine(folder, name), Path.Combine(folder, $"{name}.{Environment.ProcessId}"));
        if (!File.Exists(file)) return false;
        try
        {
            File.Move(file, draft);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        File.WriteAllText(draft, $"{Environment.ProcessId}");
        File.Move(draft, $"{file}.taken", overwrite: true);
        return true;
    }

    static string? Setting(string name) => Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") == "Production" ? null : Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
