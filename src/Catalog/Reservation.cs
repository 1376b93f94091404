namespace Rosa.Catalog;

enum ReservationState : short
{
    Held = 1,
    Committed = 2,
    Released = 3,
    Expired = 4,
}

readonly record struct ReservationLine(Guid ProductId, int Quantity);

/// <summary>What is held for an order, or was.</summary>
sealed record Reservation(ReservationState State, IReadOnlyList<ReservationLine> Lines, DateTimeOffset ExpiresAt)
{
    /// <summary>Remembers that an order is dead which never held anything.</summary>
    public static readonly Reservation Tombstone = new(ReservationState.Released, [], DateTimeOffset.UnixEpoch);
}

/// <summary>What may happen to the reservation of an order.</summary>
abstract record ReservationCommand(Guid OrderId)
{
    /// <param name="Lines">Each product once.</param>
    internal sealed record Reserve(Guid OrderId, IReadOnlyList<ReservationLine> Lines, DateTimeOffset ExpiresAt) : ReservationCommand(OrderId);

    internal sealed record Commit(Guid OrderId) : ReservationCommand(OrderId);

    internal sealed record Release(Guid OrderId) : ReservationCommand(OrderId);

    internal sealed record Expire(Guid OrderId, DateTimeOffset Now) : ReservationCommand(OrderId);
}

/// <summary>What of a product stands on the shelf.</summary>
/// <param name="LowAt">From how few units on the employees are told; null for the shop's own figure.</param>
readonly record struct Shelf(int Available, bool ForSale, int? LowAt = null);

/// <summary>How a shelf looks after a change that others hear of.</summary>
readonly record struct ShelfChange(Guid ProductId, int Before, int Available, int? LowAt)
{
    /// <summary>The last unit was taken, or the first one came back.</summary>
    public bool HasTurned => Before > 0 != Available > 0;

    /// <summary>It fell to its threshold or below; not when it was there already.</summary>
    public bool RunsLow(int lowAt) => Before > (LowAt ?? lowAt) && Available <= (LowAt ?? lowAt);
}

readonly record struct ShortLine(Guid ProductId, int Requested, int Available);

/// <summary>How goods move when a reservation changes, for each unit of its lines.</summary>
/// <param name="Entry">The line in the inventory's history; null when the goods have not left the house or come back to it.</param>
sealed record GoodsMove(int Available, int Reserved, string? Entry)
{
    public static readonly GoodsMove Hold = new(Available: -1, Reserved: +1, Entry: null);
    public static readonly GoodsMove PutBack = new(Available: +1, Reserved: -1, Entry: null);
    public static readonly GoodsMove Sell = new(Available: 0, Reserved: -1, Entry: "sale");
    public static readonly GoodsMove TakeBack = new(Available: +1, Reserved: 0, Entry: "sale cancelled");

    /// <summary>The change of what the shop owns.</summary>
    public int Owned => Available + Reserved;
}

/// <param name="Accepted">Whether the caller's wish holds now: reserved, committed.</param>
/// <param name="Next">The reservation afterwards; null when nothing changes.</param>
/// <param name="Move">How the goods of <paramref name="Next"/> move; null when they stay.</param>
sealed record ReservationDecision(bool Accepted, Reservation? Next = null, GoodsMove? Move = null, IReadOnlyList<ShortLine>? Short = null);

/// <summary>
/// The life of a reservation. Every command may come late, twice, and in any order.
/// </summary>
/// <remarks><code>
///   (none) ──Reserve──► HELD ──Commit──► COMMITTED
///                       ▲  │ │               │
///               Reserve │  │ └──Release──┐   │ Release: a cancelled sale, the goods are back on the shelf
///                       │  ▼ Expire      ▼   ▼
///                     EXPIRED ──Release──► RELEASED ◄──Release── (none): a tombstone, so that a late Reserve is refused
///
///   HELD, COMMITTED + Reserve   reserved, as the first time
///   RELEASED + Reserve          not reserved, nothing short: the order is dead
///   COMMITTED + Commit          committed
///   any other + Commit          not committed: reserve again
///   all else                    changes nothing
/// </code>
/// A hold that is over but not swept yet still holds its goods, so it may still be committed.
/// </remarks>
static class ReservationRules
{
    /// <param name="reservation">Null when the order has none.</param>
    /// <param name="shelves">The products of the command, where they exist.</param>
    public static ReservationDecision Decide(Reservation? reservation, ReservationCommand command, IReadOnlyDictionary<Guid, Shelf> shelves) =>
        (reservation, command) switch
        {
            (null or { State: ReservationState.Expired }, ReservationCommand.Reserve reserve) => Hold(reserve, shelves),
            ({ State: ReservationState.Released }, ReservationCommand.Reserve) => new(Accepted: false),
            (_, ReservationCommand.Reserve) => new(Accepted: true),

            ({ State: ReservationState.Held }, ReservationCommand.Commit) => Become(reservation, ReservationState.Committed, GoodsMove.Sell),
            (_, ReservationCommand.Commit) => new(Accepted: reservation?.State == ReservationState.Committed),

            (null, ReservationCommand.Release) => Become(Reservation.Tombstone, ReservationState.Released, move: null),
            ({ State: ReservationState.Held }, ReservationCommand.Release) => Become(reservation, ReservationState.Released, GoodsMove.PutBack),
            ({ State: ReservationState.Committed }, ReservationCommand.Release) => Become(reservation, ReservationState.Released, GoodsMove.TakeBack),
            ({ State: ReservationState.Expired }, ReservationCommand.Release) => Become(reservation, ReservationState.Released, move: null),

            ({ State: ReservationState.Held }, ReservationCommand.Expire expire) when reservation.ExpiresAt <= expire.Now =>
                Become(reservation, ReservationState.Expired, GoodsMove.PutBack),
            _ => new(Accepted: false),
        };

    static ReservationDecision Become(Reservation reservation, ReservationState state, GoodsMove? move) =>
        new(Accepted: true, reservation with { State = state }, move);

    static ReservationDecision Hold(ReservationCommand.Reserve reserve, IReadOnlyDictionary<Guid, Shelf> shelves)
    {
        List<ShortLine>? missing = null;
        foreach (var line in reserve.Lines)
        {
            var available = shelves.TryGetValue(line.ProductId, out var shelf) && shelf.ForSale ? shelf.Available : 0;
            if (available < line.Quantity) (missing ??= []).Add(new ShortLine(line.ProductId, line.Quantity, available));
        }
        return missing is null
            ? new(Accepted: true, new Reservation(ReservationState.Held, reserve.Lines, reserve.ExpiresAt), GoodsMove.Hold)
            : new(Accepted: false, Short: missing);
    }
}
