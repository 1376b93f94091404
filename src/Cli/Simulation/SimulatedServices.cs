using Rosa.Orders;

namespace Rosa.Cli.Simulation;

/// <summary>
/// Catalog, Promotions and Payments as their contracts promise them: every call may be repeated, and a repetition is answered like
/// the first. Their own code is held to that by their own tests; here it is the ground on which the saga is tested.
/// </summary>
sealed class SimulatedServices(Random random, SimulatedTime time, int stock, int promoUses, List<string> violations)
{
    public enum Hold { None, Held, Sold, Released, Expired }

    public sealed class Payment
    {
        public string Status = "NONE";   // PENDING, CAPTURED, DECLINED, FAILED, VOIDED, REFUNDED
        public decimal Amount;     // asked for first; a repetition does not change it
        public decimal Charged;
        public decimal Refunded;
        public List<Action> Waiting = [];
    }

    readonly Dictionary<Guid, (Hold State, int Quantity)> holds = [];
    readonly Dictionary<Guid, string> redemptions = [];
    readonly Dictionary<Guid, Payment> payments = [];

    public int Available { get; private set; } = stock;
    public int PromoUses { get; private set; }

    public Hold HoldOf(Guid orderId) => holds.GetValueOrDefault(orderId).State;
    public string? RedemptionOf(Guid orderId) => redemptions.GetValueOrDefault(orderId);
    public Payment PaymentOf(Guid orderId) => payments.TryGetValue(orderId, out var payment) ? payment : payments[orderId] = new Payment();
    public int Sold => holds.Values.Where(hold => hold.State == Hold.Sold).Sum(hold => hold.Quantity);
    public int Held => holds.Values.Where(hold => hold.State == Hold.Held).Sum(hold => hold.Quantity);

    /// <summary>Does what the step asks for and answers, at once or when a payment is decided.</summary>
    public void Take(CheckoutStep step, Order order, string cardToken, Action<CheckoutOutcome> answer)
    {
        switch (step)
        {
            case CheckoutStep.Reserve: answer(Reserve(order)); break;
            case CheckoutStep.CommitStock: answer(Commit(order.OrderId)); break;
            case CheckoutStep.ReleaseStock: answer(Release(order.OrderId)); break;
            case CheckoutStep.Redeem: answer(Redeem(order.OrderId)); break;
            case CheckoutStep.ReleasePromo: answer(ReleasePromo(order.OrderId)); break;
            case CheckoutStep.Charge: Charge(order, cardToken, answer); break;
            case CheckoutStep.SettlePayment: answer(Void(order.OrderId)); break;
            case CheckoutStep.Refund: answer(Refund(order)); break;
        }
    }

    CheckoutOutcome Reserve(Order order)
    {
        var (state, _) = holds.GetValueOrDefault(order.OrderId);
        if (state is Hold.Held or Hold.Sold) return new CheckoutOutcome.Done();
        var quantity = order.Items.Sum(item => item.Quantity);
        if (state == Hold.Released || Available < quantity) return new CheckoutOutcome.Short("[]");

        Move(-quantity);
        holds[order.OrderId] = (Hold.Held, quantity);
        time.At(TimeSpan.FromSeconds(random.Next(100, 1000)), () => Expire(order.OrderId));
        return new CheckoutOutcome.Done();
    }

    void Expire(Guid orderId)
    {
        if (holds[orderId] is not (Hold.Held, var quantity)) return;
        Move(quantity);
        holds[orderId] = (Hold.Expired, quantity);
    }

    CheckoutOutcome Commit(Guid orderId)
    {
        var (state, quantity) = holds.GetValueOrDefault(orderId);
        if (state is not (Hold.Held or Hold.Sold)) return new CheckoutOutcome.NothingToCommit();
        holds[orderId] = (Hold.Sold, quantity);
        return new CheckoutOutcome.Done();
    }

    CheckoutOutcome Release(Guid orderId)
    {
        var (state, quantity) = holds.GetValueOrDefault(orderId);
        if (state is Hold.Held or Hold.Sold) Move(quantity);
        holds[orderId] = (Hold.Released, quantity);
        return new CheckoutOutcome.Done();
    }

    void Move(int quantity)
    {
        Available += quantity;
        if (Available < 0) violations.Add($"oversold: {Available} available");
    }

    CheckoutOutcome Redeem(Guid orderId)
    {
        switch (redemptions.GetValueOrDefault(orderId))
        {
            case "REDEEMED": return new CheckoutOutcome.Discounted(1);
            case "RELEASED": return new CheckoutOutcome.PromoRefused("RELEASED");
        }
        if (PromoUses >= promoUses) return new CheckoutOutcome.PromoRefused("CODE_EXHAUSTED");
        PromoUses++;
        redemptions[orderId] = "REDEEMED";
        return new CheckoutOutcome.Discounted(1);
    }

    CheckoutOutcome ReleasePromo(Guid orderId)
    {
        if (redemptions.GetValueOrDefault(orderId) == "REDEEMED") PromoUses--;
        redemptions[orderId] = "RELEASED";
        return new CheckoutOutcome.Done();
    }

    void Charge(Order order, string cardToken, Action<CheckoutOutcome> answer)
    {
        var payment = PaymentOf(order.OrderId);
        if (payment.Status == "NONE")
        {
            payment.Status = "PENDING";
            payment.Amount = order.FinalAmount;
            var decidedAfter = cardToken switch
            {
                "tok_slow" => TimeSpan.FromSeconds(random.Next(3, 30)),
                "tok_timeout" => TimeSpan.FromSeconds(75),
                _ => TimeSpan.FromMilliseconds(random.Next(1, 400)),
            };
            time.At(decidedAfter, () => Decide(payment, cardToken));
        }
        if (payment.Status != "PENDING")
        {
            answer(Outcome(payment.Status));
            return;
        }

        var answered = false;
        void Once(CheckoutOutcome outcome)
        {
            if (answered) return;
            answered = true;
            answer(outcome);
        }
        payment.Waiting.Add(() => Once(Outcome(payment.Status)));
        time.At(TimeSpan.FromSeconds(5), () => Once(new CheckoutOutcome.Pending()));
    }

    void Decide(Payment payment, string cardToken)
    {
        if (payment.Status != "PENDING") return;
        payment.Status = cardToken switch { "tok_declined" => "DECLINED", "tok_error" or "tok_timeout" => "FAILED", _ => "CAPTURED" };
        if (payment.Status == "CAPTURED") payment.Charged += payment.Amount;
        foreach (var waiting in payment.Waiting) waiting();
        payment.Waiting.Clear();
    }

    static readonly Guid transactionId = Guid.Parse("01900000-0000-7000-8000-000000000001");

    static CheckoutOutcome Outcome(string status) => status switch
    {
        "CAPTURED" => new CheckoutOutcome.Captured(transactionId),
        "DECLINED" => new CheckoutOutcome.Declined("declined"),
        _ => new CheckoutOutcome.ProviderFailed(status),
    };

    CheckoutOutcome Void(Guid orderId)
    {
        var payment = PaymentOf(orderId);
        switch (payment.Status)
        {
            case "CAPTURED" or "REFUNDED": return new CheckoutOutcome.Captured(transactionId);
            case "PENDING" when random.Next(2) == 0: return new CheckoutOutcome.Pending();
            case "NONE" or "PENDING":
                payment.Status = "VOIDED";
                foreach (var waiting in payment.Waiting) waiting();
                payment.Waiting.Clear();
                return new CheckoutOutcome.Voided();
            default: return new CheckoutOutcome.Voided();
        }
    }

    /// <summary>An order that ended without having heard of its discount asks for more than was taken, and gets what there is.</summary>
    CheckoutOutcome Refund(Order order)
    {
        var payment = PaymentOf(order.OrderId);
        if (payment.Status == "REFUNDED") return new CheckoutOutcome.Done();
        if (payment.Status != "CAPTURED") violations.Add($"a refund of a payment that is {payment.Status}");
        var back = Math.Min(order.FinalAmount, payment.Charged - payment.Refunded);
        payment.Refunded += back;
        if (payment.Refunded == payment.Charged) payment.Status = "REFUNDED";
        return new CheckoutOutcome.GivenBack(back);
    }
}

/// <summary>The network between Orders and the others: it loses, delays and repeats, and answers get lost on the way back.</summary>
sealed class SimulatedNetwork(Random random, SimulatedTime time, SimulatedProcess caller, SimulatedServices services, Func<bool> isBad) : ICheckoutServices
{
    public Task<CheckoutOutcome> TakeAsync(CheckoutStep step, Order order, string cardToken)
    {
        var answer = new TaskCompletionSource<CheckoutOutcome>();
        void Unanswered(CheckoutOutcome outcome, int milliseconds) => caller.Later(TimeSpan.FromMilliseconds(milliseconds), () => answer.TrySetResult(outcome));
        void Arrive(Action<CheckoutOutcome> reply) => services.Take(step, order, cardToken, reply);
        void Reply(CheckoutOutcome outcome) => caller.Later(TimeSpan.FromMilliseconds(random.Next(1, 50)), () => answer.TrySetResult(outcome));

        var noAnswer = step == CheckoutStep.Charge && random.Next(2) == 0 ? (CheckoutOutcome)new CheckoutOutcome.Pending() : new CheckoutOutcome.Unreachable("somebody");
        switch (isBad() ? random.Next(12) : 11)
        {
            case 0:   // lost on the way there
                Unanswered(noAnswer, 3000);
                break;
            case 1:   // done, and the answer is lost
                time.At(TimeSpan.FromMilliseconds(random.Next(1, 50)), () => Arrive(_ => { }));
                Unanswered(noAnswer, 3000);
                break;
            case 2:   // so late that the caller has given up, and done then
                time.At(TimeSpan.FromSeconds(random.Next(4, 200)), () => Arrive(_ => { }));
                Unanswered(noAnswer, 3000);
                break;
            case 3:   // done twice, the second time long after
                time.At(TimeSpan.FromMilliseconds(random.Next(1, 50)), () => Arrive(Reply));
                time.At(TimeSpan.FromSeconds(random.Next(1, 200)), () => Arrive(_ => { }));
                break;
            case 4:   // refused at once: the service is down or its circuit is open
                Unanswered(new CheckoutOutcome.Unreachable("somebody"), 1);
                break;
            default:
                time.At(TimeSpan.FromMilliseconds(random.Next(1, 20)), () => Arrive(Reply));
                break;
        }
        return answer.Task;
    }
}
