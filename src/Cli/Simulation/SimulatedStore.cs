using Rosa.Orders;
using Rosa.Platform.Messaging;

namespace Rosa.Cli.Simulation;

/// <summary>Told to the world when an order changed.</summary>
sealed record SimulatedEvent(int Id, Guid OrderId, int Version, string Name);

/// <summary>The orders database: it survives every kill, and a transaction in it happens or does not.</summary>
sealed class SimulatedStore(SimulatedTime time)
{
    readonly Dictionary<Guid, List<RecordedEvent>> streams = [];
    readonly Dictionary<Guid, (CheckoutRun Run, DateTimeOffset DueAt)> checkouts = [];
    int eventIds;

    public List<SimulatedEvent> Outbox { get; } = [];
    public List<SimulatedEvent> Told { get; } = [];
    public IEnumerable<Guid> OrderIds => streams.Keys;
    public bool HasOpenCheckouts => checkouts.Count > 0;

    public Order Load(Guid orderId) => streams[orderId].Aggregate(new Order(orderId), (order, e) => Order.Evolve(order, e.Event, e.At));

    public Order Place(CheckoutRun run, OrderEvent.Placed placed, TimeSpan lease)
    {
        streams[run.OrderId] = [new RecordedEvent(placed, time.Now)];
        checkouts[run.OrderId] = (run, time.Now + lease);
        return Load(run.OrderId);
    }

    public bool Append(CheckoutRun run, Order order, IReadOnlyList<RecordedEvent> events, TimeSpan? dueIn)
    {
        var stream = streams[run.OrderId];
        if (events.Count > 0 && stream.Count != order.Version - events.Count) return false;
        for (var i = 0; i < events.Count; i++)
        {
            stream.Add(events[i]);
            if (events[i].Event is OrderEvent.Confirmed or OrderEvent.Cancelled or OrderEvent.ProcessingStarted or OrderEvent.Shipped)
            {
                var told = new SimulatedEvent(eventIds++, run.OrderId, stream.Count, events[i].Event.GetType().Name);
                Outbox.Add(told);
                Told.Add(told);
            }
        }
        if (Checkout.Next(order) is null) checkouts.Remove(run.OrderId);
        else if (dueIn is { } wait) checkouts[run.OrderId] = (run, time.Now + wait);
        return true;
    }

    public List<CheckoutRun> ClaimDue(TimeSpan lease)
    {
        var due = checkouts.Values.Where(checkout => checkout.DueAt <= time.Now).Select(checkout => checkout.Run).OrderBy(run => run.OrderId).ToList();
        foreach (var run in due) checkouts[run.OrderId] = (run, time.Now + lease);
        return due;
    }
}

/// <summary>A connection to the store from one process: what the process awaits takes time, and dies with it.</summary>
sealed class SimulatedConnection(Random random, SimulatedTime time, SimulatedProcess process, SimulatedStore store) : ICheckoutStore
{
    public Task<Order> LoadAsync(Guid orderId) => AfterAWhile(() => store.Load(orderId));

    public Task<bool> AppendAsync(CheckoutRun run, Order order, IReadOnlyList<RecordedEvent> events, TimeSpan? dueIn)
    {
        var copy = events.ToArray();
        return AfterAWhile(() => store.Append(run, order, copy, dueIn));
    }

    /// <summary>The commit may happen although the process dies before it hears of it.</summary>
    Task<T> AfterAWhile<T>(Func<T> work)
    {
        var answer = new TaskCompletionSource<T>();
        time.At(TimeSpan.FromMilliseconds(random.Next(1, 10)), () =>
        {
            if (!process.IsAlive && random.Next(2) == 0) return;   // killed before the statement left
            var result = work();
            process.Later(TimeSpan.FromMilliseconds(random.Next(1, 5)), () => answer.TrySetResult(result));
        });
        return answer.Task;
    }
}

/// <summary>
/// Outbox, relay and inbox with the rules of <see cref="Delivery"/>: a relay that dies between handing over and forgetting hands over again; the
/// inbox knows what it has handled; a handler that fails is tried again, and events of one order wait for each other.
/// </summary>
sealed class SimulatedDelivery(Random random, SimulatedTime time, SimulatedStore store, Func<bool> isBad)
{
    sealed class Received(SimulatedEvent happened)
    {
        public SimulatedEvent Event { get; } = happened;
        public int Failures;
        public DateTimeOffset DueAt;
        public bool Handled;
        public bool Parked;
    }

    readonly Dictionary<int, Received> inbox = [];
    readonly List<Received> queue = [];

    public List<SimulatedEvent> Effects { get; } = [];
    public bool IsEmpty => store.Outbox.Count == 0 && queue.All(received => received.Handled || received.Parked);
    public IEnumerable<SimulatedEvent> Parked => queue.Where(received => received.Parked).Select(received => received.Event);

    public void Relay()
    {
        var batch = store.Outbox.Take(5).ToList();
        foreach (var happened in batch)
        {
            if (isBad() && random.Next(8) == 0) return;   // died in the middle: all of the batch goes again
            if (inbox.ContainsKey(happened.Id)) continue;
            queue.Add(inbox[happened.Id] = new Received(happened));
        }
        if (isBad() && random.Next(8) == 0) return;   // handed over, and died before forgetting
        store.Outbox.RemoveRange(0, batch.Count);
    }

    public void Handle()
    {
        foreach (var received in queue.Where(received => !received.Handled && !received.Parked && received.DueAt <= time.Now).ToList())
        {
            var waitsForEarlier = queue.TakeWhile(other => other != received).Any(other => other.Event.OrderId == received.Event.OrderId && !other.Handled && !other.Parked);
            if (waitsForEarlier) continue;
            if (isBad() && random.Next(10) == 0) return;   // died before the commit: neither effect nor mark
            if (isBad() && random.Next(6) == 0)
            {
                if (Delivery.WaitAfterFailure(++received.Failures) is { } wait) received.DueAt = time.Now + wait;
                else received.Parked = true;
                continue;
            }
            Effects.Add(received.Event);
            received.Handled = true;
        }
    }
}
