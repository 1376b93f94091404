using Microsoft.Extensions.Options;
using Rosa.Contracts.Orders;
using Rosa.Orders;

namespace Rosa.Cli.Simulation;

/// <summary>What one seed came to.</summary>
/// <param name="Violations">Rules that were broken; empty when all held.</param>
public sealed record SimulationResult(int Seed, int Orders, int Confirmed, int Kills, IReadOnlyList<string> Violations);

/// <summary>
/// A shop in memory: the real saga (<see cref="Checkout"/>, <see cref="CheckoutRunner"/>, <see cref="Order"/>) and the real delivery rules, on a network that loses,
/// repeats, delays and reorders, with processes that are killed and started again, driven by a seed. After the trouble has passed, the rules are checked.
/// </summary>
public sealed class ShopSimulation
{
    static readonly TimeSpan lease = TimeSpan.FromSeconds(15);
    static readonly TimeSpan troubleLasts = TimeSpan.FromSeconds(120);
    static readonly IOptions<OrdersOptions> options = Options.Create(new OrdersOptions());
    static readonly string[] tokens = ["tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_slow", "tok_timeout", "tok_error"];

    readonly Random random;
    readonly int seed;
    readonly SimulatedTime time = new();
    readonly List<string> violations = [];
    readonly int stock;
    readonly SimulatedServices services;
    readonly SimulatedStore store;
    readonly SimulatedDelivery delivery;
    readonly DateTimeOffset calmFrom;
    SimulatedProcess process;
    CheckoutRunner runner;
    int kills;

    ShopSimulation(int seed)
    {
        this.seed = seed;
        random = new Random(seed);
        stock = random.Next(1, 16);
        services = new SimulatedServices(random, time, stock, promoUses: random.Next(0, 4), violations);
        store = new SimulatedStore(time);
        delivery = new SimulatedDelivery(random, time, store, InTrouble);
        calmFrom = time.Now + troubleLasts;
        (process, runner) = Start();
    }

    /// <summary>Plays a seed to its end. The same seed always gives the same result.</summary>
    public static SimulationResult Run(int seed) => new ShopSimulation(seed).Play();

    bool InTrouble() => time.Now < calmFrom;

    SimulationResult Play()
    {
        var customers = random.Next(1, 10);
        for (var customer = 0; customer < customers; customer++) time.At(Soon(60_000), PlaceOrder);
        for (var kill = random.Next(0, 5); kill > 0; kill--) time.At(Soon(110_000), KillAndRestart);
        time.At(TimeSpan.Zero, Work);
        time.At(TimeSpan.Zero, Deliver);

        if (!time.RunToEnd(most: 200_000)) violations.Add("it never comes to rest");
        CheckRules();
        return new SimulationResult(seed, store.OrderIds.Count(), store.OrderIds.Count(id => store.Load(id).Status is OrderStatus.Confirmed or OrderStatus.Processing or OrderStatus.Shipped), kills, violations);
    }

    TimeSpan Soon(int withinMilliseconds) => TimeSpan.FromMilliseconds(random.Next(withinMilliseconds));

    (SimulatedProcess, CheckoutRunner) Start()
    {
        var started = new SimulatedProcess(time);
        var network = new SimulatedNetwork(random, time, started, services, InTrouble);
        return (started, new CheckoutRunner(network, new SimulatedConnection(random, time, started, store), started, options));
    }

    void KillAndRestart()
    {
        kills++;
        process.Kill();
        time.At(Soon(5_000), () => (process, runner) = Start());
    }

    void PlaceOrder()
    {
        if (!process.IsAlive) return;
        var quantity = random.Next(1, 3);
        var placed = new OrderEvent.Placed(
            UserId: Id(), [new OrderedItem(Guid.Empty, "Bone", 10, quantity, 10 * quantity)], 10 * quantity, "EUR",
            PromoCode: random.Next(3) == 0 ? "CODE" : null, new ShippingAddress("A", "B", null, "1", "C", "FR"), "card");
        var run = new CheckoutRun(Id(), tokens[random.Next(tokens.Length)], null, null);
        var order = store.Place(run, placed, lease);
        if (random.Next(20) > 0) _ = runner.RunAsync(run, order, atMost: TimeSpan.FromSeconds(5));   // else it died right after the commit

        if (random.Next(3) == 0) time.At(Soon(40_000), () => Command(run.OrderId, new OrderCommand.Cancel("changed my mind")));
        if (random.Next(3) == 0) time.At(Soon(40_000), () => Command(run.OrderId, new OrderCommand.StartProcessing()));
        if (random.Next(3) == 0) time.At(Soon(60_000), () => Command(run.OrderId, new OrderCommand.Ship("carrier", "number")));
    }

    Guid Id()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>What a person asks of an order: one transaction, and the saga's list when there is something to give back.</summary>
    void Command(Guid orderId, OrderCommand command)
    {
        var order = store.Load(orderId);
        if (Order.Decide(order, command).Event is not { } happened) return;
        var run = new CheckoutRun(orderId, "", null, null);
        order = Order.Evolve(order, happened, time.Now);
        store.Append(run, order, [new RecordedEvent(happened, time.Now)], dueIn: random.Next(2) == 0 ? lease : TimeSpan.Zero);
        if (command is OrderCommand.Cancel && process.IsAlive && random.Next(2) == 0) _ = runner.RunAsync(run, order, atMost: TimeSpan.Zero);
    }

    /// <summary>The worker of whichever process lives.</summary>
    void Work()
    {
        if (process.IsAlive)
            foreach (var run in store.ClaimDue(lease)) _ = runner.ResumeAsync(run, store.Load(run.OrderId));
        if (InTrouble() || store.HasOpenCheckouts) time.At(TimeSpan.FromMilliseconds(500), Work);
    }

    void Deliver()
    {
        delivery.Relay();
        delivery.Handle();
        if (InTrouble() || store.HasOpenCheckouts || !delivery.IsEmpty) time.At(TimeSpan.FromMilliseconds(700), Deliver);
    }

    void CheckRules()
    {
        void Rule(bool holds, string broken)
        {
            if (!holds) violations.Add(broken);
        }

        var redeemed = 0;
        foreach (var orderId in store.OrderIds)
        {
            var order = store.Load(orderId);
            var payment = services.PaymentOf(orderId);
            var hold = services.HoldOf(orderId);
            Rule(payment.Charged <= payment.Amount, $"order {orderId} was charged {payment.Charged} of {payment.Amount}");
            if (order.Status is OrderStatus.Confirmed or OrderStatus.Processing or OrderStatus.Shipped or OrderStatus.Delivered)
            {
                Rule(payment.Status == "CAPTURED", $"order {orderId} is {order.Status} and its payment {payment.Status}");
                Rule(payment.Charged == order.FinalAmount && payment.Refunded == 0, $"order {orderId} costs {order.FinalAmount}, was charged {payment.Charged} and given back {payment.Refunded}");
                Rule(hold == SimulatedServices.Hold.Sold, $"order {orderId} is {order.Status} and its stock {hold}");
                Rule(order.PromoCode is null || services.RedemptionOf(orderId) == "REDEEMED", $"order {orderId} is {order.Status} and its promo use {services.RedemptionOf(orderId)}");
                if (order.PromoCode is not null) redeemed++;
            }
            else
            {
                Rule(order.EndedWithoutSale, $"order {orderId} stays {order.Status}");
                Rule(payment.Charged == payment.Refunded, $"order {orderId} is {order.Status}, was charged {payment.Charged} and given back {payment.Refunded}");
                Rule(payment.Status is not "PENDING", $"order {orderId} is {order.Status} and its payment {payment.Status}");
                Rule(hold is not (SimulatedServices.Hold.Held or SimulatedServices.Hold.Sold), $"order {orderId} is {order.Status} and its stock {hold}");
                Rule(services.RedemptionOf(orderId) != "REDEEMED", $"order {orderId} is {order.Status} and its promo use counts");
            }
        }
        Rule(services.Available + services.Held + services.Sold == stock, $"{services.Available} available, {services.Held} held, {services.Sold} sold of {stock}");
        Rule(services.PromoUses == redeemed, $"{services.PromoUses} promo uses counted, {redeemed} used");

        var arrived = delivery.Effects.Concat(delivery.Parked).Select(e => e.Id).ToList();
        Rule(arrived.Count == arrived.Distinct().Count(), "an effect was applied twice");
        Rule(arrived.Order().SequenceEqual(store.Told.Select(e => e.Id)), "an event was lost");
        foreach (var ofOrder in delivery.Effects.GroupBy(e => e.OrderId))
            Rule(ofOrder.Select(e => e.Version).SequenceEqual(ofOrder.Select(e => e.Version).Order()), "events of one order were handled out of order");
    }
}
