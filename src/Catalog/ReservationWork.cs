using System.Runtime.InteropServices;

namespace Rosa.Catalog;

/// <summary>
/// The commands of one transaction, decided one after the other in memory on rows that are locked; then what is to be written,
/// each row once however many commands touched it.
/// </summary>
sealed class ReservationWork(Dictionary<Guid, Reservation> reservations, Dictionary<Guid, Shelf> shelves)
{
    internal readonly record struct Goods(int Available, int Reserved);

    internal readonly record struct HistoryEntry(Guid ProductId, int Change, int Available, string Reason, Guid OrderId);

    readonly HashSet<Guid> known = [.. reservations.Keys];
    readonly HashSet<Guid> newlyHeld = [];

    /// <summary>Orders without a reservation before.</summary>
    public SortedDictionary<Guid, Reservation> Begun { get; } = [];

    /// <summary>Orders whose reservation changed.</summary>
    public SortedDictionary<Guid, Reservation> Continued { get; } = [];

    /// <summary>What is to be added to each product's stock.</summary>
    public Dictionary<Guid, Goods> Moved { get; } = [];

    public List<HistoryEntry> Entries { get; } = [];

    public bool IsEmpty => Begun.Count == 0 && Continued.Count == 0;

    /// <summary>Orders that hold goods anew after an expiry, perhaps others than before.</summary>
    public IReadOnlyList<Guid> HeldAgain => [.. newlyHeld.Where(known.Contains)];

    public IReadOnlyList<(Guid OrderId, ReservationLine Line)> NewLines =>
        [.. newlyHeld.SelectMany(orderId => reservations[orderId].Lines.Select(line => (orderId, line)))];

    public ReservationDecision Decide(ReservationCommand command)
    {
        var decision = ReservationRules.Decide(reservations.GetValueOrDefault(command.OrderId), command, shelves);
        if (decision.Next is not { } next) return decision;

        reservations[command.OrderId] = next;
        (known.Contains(command.OrderId) ? Continued : Begun)[command.OrderId] = next;
        if (next.State == ReservationState.Held) newlyHeld.Add(command.OrderId);
        if (decision.Move is { } move)
        {
            foreach (var line in next.Lines) Apply(move, line, command.OrderId);
        }
        return decision;
    }

    void Apply(GoodsMove move, ReservationLine line, Guid orderId)
    {
        var shelf = shelves[line.ProductId];
        var available = shelf.Available + move.Available * line.Quantity;
        shelves[line.ProductId] = shelf with { Available = available };

        ref var goods = ref CollectionsMarshal.GetValueRefOrAddDefault(Moved, line.ProductId, out _);
        goods = new Goods(goods.Available + move.Available * line.Quantity, goods.Reserved + move.Reserved * line.Quantity);
        if (move.Entry is { } reason) Entries.Add(new HistoryEntry(line.ProductId, move.Owned * line.Quantity, available, reason, orderId));
    }

    /// <summary>The products whose shelf looks different now.</summary>
    public IEnumerable<ShelfChange> ChangedShelves()
    {
        foreach (var (productId, goods) in Moved)
        {
            var shelf = shelves[productId];
            if (goods.Available != 0) yield return new ShelfChange(productId, shelf.Available - goods.Available, shelf.Available, shelf.LowAt);
        }
    }
}
