using Microsoft.Extensions.Options;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

/// <summary>Takes the steps of the saga at the other services. A port: the simulation has its own.</summary>
public interface ICheckoutServices
{
    /// <summary>Takes a step and says what came of it; never throws for an outage. Repeating a step does no harm.</summary>
    Task<CheckoutOutcome> TakeAsync(CheckoutStep step, Order order, string cardToken);
}

/// <summary>Keeps orders. A port: the simulation has its own.</summary>
public interface ICheckoutStore
{
    Task<Order> LoadAsync(Guid orderId);

    /// <summary>
    /// Writes events in one transaction with everything that follows from them: the view, the events told to the world, the answer kept
    /// for the idempotency key, and the end or the next due time of the saga. False when somebody else has written to the order since.
    /// </summary>
    Task<bool> AppendAsync(CheckoutRun run, Order order, IReadOnlyList<RecordedEvent> events, TimeSpan? dueIn);
}

/// <summary>An event with the time it happened.</summary>
public sealed record RecordedEvent(OrderEvent Event, DateTimeOffset At);

/// <summary>One order's saga, as its row in <c>checkouts</c> has it.</summary>
/// <param name="KeyScope">With <paramref name="Key"/>: the idempotency key whose answer this order is; null for none.</param>
public sealed record CheckoutRun(Guid OrderId, string CardToken, string? KeyScope, string? Key);

/// <summary>
/// Runs a saga from where it stands to its end, or until the time is up; then the worker goes on.
/// </summary>
/// <remarks>
/// Events of steps forward are gathered and written together: should this process die before, whoever resumes takes the same
/// steps again and gets the same answers. What ends an order is written before anything is given back. A payment that takes
/// longer than <see cref="visibleAfter"/> is written at once, so that the customer sees the order.
/// </remarks>
public sealed class CheckoutRunner(ICheckoutServices services, ICheckoutStore store, TimeProvider clock, IOptions<OrdersOptions> options)
{
    static readonly TimeSpan visibleAfter = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes up a saga that somebody else began.</summary>
    public Task<Order> ResumeAsync(CheckoutRun run, Order order)
    {
        var news = new List<RecordedEvent>();
        if (Checkout.Resume(order) is { } doubt) order = Record(order, news, doubt);
        return RunAsync(run, order, atMost: TimeSpan.Zero, news);
    }

    /// <returns>The order as written when this run ended.</returns>
    public Task<Order> RunAsync(CheckoutRun run, Order order, TimeSpan atMost) => RunAsync(run, order, atMost, news: []);

    async Task<Order> RunAsync(CheckoutRun run, Order order, TimeSpan atMost, List<RecordedEvent> news)
    {
        var endsAt = clock.GetUtcNow() + atMost;
        while (Checkout.Next(order) is { } step)
        {
            if (Checkout.GivesBack(step) && news.Count > 0)
            {
                order = await WriteAsync(run, order, news, dueIn: null, lastWrite: false);
                continue;
            }
            if (Checkout.Before(order, step) is { } first) order = Record(order, news, first);

            var (outcome, seen) = await TakeAsync(run, order, news, step);
            order = seen;
            if (Checkout.Next(order) != step) continue;   // somebody else changed the order meanwhile

            var events = Checkout.React(order, step, outcome, clock.GetUtcNow(), options.Value.PaymentWindow);
            foreach (var happened in events) order = Record(order, news, happened);
            if (events.Count > 0) continue;

            // Nothing decided: ask again, here while there is time, else by the worker.
            if (outcome is CheckoutOutcome.Unreachable || clock.GetUtcNow() + pause > endsAt)
                return await WriteAsync(run, order, news, dueIn: Checkout.Pause(order, step, outcome, clock.GetUtcNow()), lastWrite: true);
            await Task.Delay(pause, clock);
        }
        return await WriteAsync(run, order, news, dueIn: null, lastWrite: true);
    }

    async Task<(CheckoutOutcome, Order)> TakeAsync(CheckoutRun run, Order order, List<RecordedEvent> news, CheckoutStep step)
    {
        if (step == CheckoutStep.Confirm) return (new CheckoutOutcome.Done(), order);

        CrashPoint.Here(pointsBefore[step]);
        var taking = services.TakeAsync(step, order, run.CardToken);
        if (step == CheckoutStep.Charge && news.Count > 0 && !await FinishesWithinAsync(taking, visibleAfter))
            order = await WriteAsync(run, order, news, dueIn: null, lastWrite: false);
        var outcome = await taking;
        CrashPoint.Here(pointsAfter[step]);
        return (outcome, order);
    }

    async Task<bool> FinishesWithinAsync(Task task, TimeSpan time)
    {
        if (task.IsCompleted) return true;
        using var done = new CancellationTokenSource();
        var first = await Task.WhenAny(task, Task.Delay(time, clock, done.Token));
        done.Cancel();
        return first == task;
    }

    Order Record(Order order, List<RecordedEvent> news, OrderEvent happened)
    {
        var now = clock.Now();
        news.Add(new RecordedEvent(happened, now));
        return Order.Evolve(order, happened, now);
    }

    /// <summary>Writes the news; when another writer was first, forgets them and goes on from what that one wrote.</summary>
    async Task<Order> WriteAsync(CheckoutRun run, Order order, List<RecordedEvent> news, TimeSpan? dueIn, bool lastWrite)
    {
        var confirms = order.Status == OrderStatus.Confirmed && news.Count > 0;
        if (confirms) CrashPoint.Here("orders.confirm.before");
        var written = await store.AppendAsync(run, order, news, lastWrite ? dueIn : null);
        if (confirms) CrashPoint.Here("orders.confirm.after");
        news.Clear();
        return written ? order : await RunOnAsync(run, lastWrite);
    }

    /// <summary>The last write of a run lost against another writer: what that one did decides, and may need a step more.</summary>
    async Task<Order> RunOnAsync(CheckoutRun run, bool lastWrite)
    {
        var order = await store.LoadAsync(run.OrderId);
        return lastWrite && Checkout.Next(order) is not null ? await RunAsync(run, order, atMost: TimeSpan.Zero) : order;
    }

    static readonly Dictionary<CheckoutStep, string> names = new()
    {
        [CheckoutStep.Reserve] = "reserve",
        [CheckoutStep.Redeem] = "redeem",
        [CheckoutStep.Charge] = "charge",
        [CheckoutStep.CommitStock] = "commit",
        [CheckoutStep.SettlePayment] = "settle",
        [CheckoutStep.Refund] = "refund",
        [CheckoutStep.ReleaseStock] = "release-stock",
        [CheckoutStep.ReleasePromo] = "release-promo",
    };

    static readonly Dictionary<CheckoutStep, string> pointsBefore = names.ToDictionary(name => name.Key, name => $"orders.{name.Value}.before");
    static readonly Dictionary<CheckoutStep, string> pointsAfter = names.ToDictionary(name => name.Key, name => $"orders.{name.Value}.after");
}
