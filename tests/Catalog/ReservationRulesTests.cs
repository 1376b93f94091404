namespace Rosa.Catalog.Tests;

public sealed class ReservationRulesTests
{
    static readonly DateTimeOffset now = new(2026, 12, 24, 18, 0, 0, TimeSpan.Zero);
    static readonly Guid order = Guid.CreateVersion7();
    static readonly Guid bowl = Guid.CreateVersion7();
    static readonly Dictionary<Guid, Shelf> fiveBowls = new() { [bowl] = new Shelf(5, ForSale: true) };

    static ReservationCommand.Reserve Reserve(int quantity) => new(order, [new ReservationLine(bowl, quantity)], now.AddMinutes(15));

    static Reservation In(ReservationState state) => new(state, [new ReservationLine(bowl, 2)], now);

    static ReservationDecision Decide(Reservation? reservation, ReservationCommand command) => ReservationRules.Decide(reservation, command, fiveBowls);

    [Fact]
    public void Goods_on_the_shelf_are_held()
    {
        var decision = Decide(null, Reserve(5));
        Assert.True(decision.Accepted);
        Assert.Equal(ReservationState.Held, decision.Next!.State);
        Assert.Equal(GoodsMove.Hold, decision.Move);
    }

    [Fact]
    public void What_is_short_is_told_and_nothing_is_held()
    {
        var decision = Decide(null, Reserve(6));
        Assert.False(decision.Accepted);
        Assert.Null(decision.Next);
        Assert.Equal([new ShortLine(bowl, 6, 5)], decision.Short!);
    }

    [Fact]
    public void A_withdrawn_product_is_not_held()
    {
        var decision = ReservationRules.Decide(null, Reserve(1), new Dictionary<Guid, Shelf> { [bowl] = new(5, ForSale: false) });
        Assert.Equal([new ShortLine(bowl, 1, 0)], decision.Short!);
    }

    [Theory]
    [InlineData("Held", true), InlineData("Committed", true), InlineData("Released", false)]
    public void Reserving_again_holds_nothing_more(string state, bool reserved)
    {
        var decision = Decide(In(Enum.Parse<ReservationState>(state)), Reserve(1));
        Assert.Equal(reserved, decision.Accepted);
        Assert.Null(decision.Next);
        Assert.Null(decision.Short);
    }

    [Fact]
    public void After_an_expiry_the_goods_may_be_held_again()
    {
        Assert.Equal(GoodsMove.Hold, Decide(In(ReservationState.Expired), Reserve(1)).Move);
        Assert.False(Decide(In(ReservationState.Expired), Reserve(6)).Accepted);
    }

    [Theory]
    [InlineData(null, false), InlineData("Held", true), InlineData("Committed", true), InlineData("Released", false), InlineData("Expired", false)]
    public void Only_what_is_held_or_sold_can_be_committed(string? state, bool committed)
    {
        var decision = Decide(state is null ? null : In(Enum.Parse<ReservationState>(state)), new ReservationCommand.Commit(order));
        Assert.Equal(committed, decision.Accepted);
        Assert.Equal(state == "Held" ? GoodsMove.Sell : null, decision.Move);
    }

    [Fact]
    public void Releasing_gives_back_what_is_held_and_what_is_sold()
    {
        Assert.Equal(GoodsMove.PutBack, Decide(In(ReservationState.Held), new ReservationCommand.Release(order)).Move);
        Assert.Equal(GoodsMove.TakeBack, Decide(In(ReservationState.Committed), new ReservationCommand.Release(order)).Move);
        Assert.Null(Decide(In(ReservationState.Released), new ReservationCommand.Release(order)).Next);
    }

    [Fact]
    public void Releasing_before_reserving_leaves_a_tombstone()
    {
        var tombstone = Decide(null, new ReservationCommand.Release(order)).Next;
        Assert.Equal(ReservationState.Released, tombstone!.State);
        Assert.False(Decide(tombstone, Reserve(1)).Accepted);
    }

    [Fact]
    public void An_expired_order_that_is_released_stays_dead()
    {
        var released = Decide(In(ReservationState.Expired), new ReservationCommand.Release(order));
        Assert.Null(released.Move);
        Assert.False(Decide(released.Next, Reserve(1)).Accepted);
    }

    [Fact]
    public void A_hold_expires_when_its_time_is_over_and_only_then()
    {
        Assert.Equal(GoodsMove.PutBack, Decide(In(ReservationState.Held), new ReservationCommand.Expire(order, now)).Move);
        Assert.Null(Decide(In(ReservationState.Held), new ReservationCommand.Expire(order, now.AddTicks(-1))).Next);
        Assert.Null(Decide(In(ReservationState.Committed), new ReservationCommand.Expire(order, now.AddDays(1))).Next);
    }
}
