using Npgsql;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Database;
using Rosa.Platform.Grpc;
using Rosa.Platform.Resilience;

namespace Rosa.Promotions;

/// <summary>
/// Validates a code and counts its use for an order, once: asked again it answers as the first time, and after a release it is
/// refused. The limits are held by the statement that counts, whatever was read before it.
/// </summary>
/// <remarks>
/// Every use of a code locks the code's row until its commit. Uses that arrive together therefore share one transaction, so that
/// the code of the day is not as slow as one commit after the other.
/// </remarks>
sealed class RedeemPromotion : IAsyncDisposable
{
    const int MaxBatch = 50;

    /// <summary>A use that may be counted, as the rules see it.</summary>
    sealed record Use(Guid OrderId, string Code, Guid UserId, decimal Discount, int BasisPoints);

    sealed record Known(PromotionAnswer? Earlier, Promotion? Promotion, int UsesByCustomer);

    readonly ServiceDatabase database;
    readonly Categories categories;
    readonly TimeProvider clock;
    readonly RequestBatcher<Use, bool> counting;

    public RedeemPromotion(ServiceDatabase database, Categories categories, TimeProvider clock)
    {
        this.database = database;
        this.categories = categories;
        this.clock = clock;
        counting = new RequestBatcher<Use, bool>(CountAsync, MaxBatch);
    }

    public async Task<PromotionAnswer> HandleAsync(RedeemRequest request, GrpcCallContext context)
    {
        var orderId = PromotionMessages.ToId(request.OrderId, "order_id");
        var userId = PromotionMessages.ToId(request.UserId, "user_id");
        var cart = PromotionMessages.ToCart(request.CartTotalCents, request.Lines, categories);
        var code = Promotion.Normalise(request.Code);

        // A count that finds nothing to count was overtaken: by the last use, by the same order, by its release. What is true then is read anew.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var known = await ReadAsync(orderId, code, userId, context.CancellationToken);
            if (known.Earlier is not null) return known.Earlier;
            var decision = Discount.Decide(known.Promotion, cart, known.UsesByCustomer, clock.GetUtcNow());
            if (!decision.IsValid) return PromotionMessages.ToAnswer(decision, known.Promotion);

            var use = new Use(orderId, code, userId, decision.Discount, PromotionMessages.ToBasisPoints(known.Promotion!.DiscountPercentage));
            if (!await counting.AskAsync(use, context.CancellationToken)) continue;
            CrashPoint.Here("promotions.redeem.after");
            return PromotionMessages.Valid(use.Discount, use.BasisPoints);
        }
        throw new GrpcException(GrpcStatusCode.Unavailable, "The code is being used too much at once. Try again.");
    }

    /// <summary>What this order was answered before, the code, and the customer's uses of it.</summary>
    async Task<Known> ReadAsync(Guid orderId, string code, Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select discount, discount_basis_points, released_at is not null from redemptions where order_id = $1")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = orderId } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select {Promotion.Columns}, u.uses
            from promotions p left join promotion_users u on u.code = p.code and u.user_id = $2
            where p.code = $1 and p.withdrawn_at is null
            """)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = code }, new NpgsqlParameter<Guid> { TypedValue = userId } },
        });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            var earlier = reader.GetBoolean(2)
                ? new PromotionAnswer { IsValid = false, Reason = Discount.Released }
                : PromotionMessages.Valid(reader.GetDecimal(0), reader.GetInt32(1));
            return new Known(earlier, null, 0);
        }
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new Known(null, null, 0);
        var (promotion, uses) = ValidatePromotion.ReadWithUses(reader);
        return new Known(null, promotion, uses);
    }

    /// <summary>Counts uses in one transaction, in an order in which two instances cannot lock each other out.</summary>
    async Task<IReadOnlyList<bool>> CountAsync(IReadOnlyList<Use> uses, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        var commands = uses.Select(use => CountCommand(use)).ToList();
        foreach (var i in Enumerable.Range(0, uses.Count).OrderBy(i => uses[i].Code, StringComparer.Ordinal)) batch.BatchCommands.Add(commands[i]);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
        {
            return uses.Count == 1 ? [false] : await CountOneByOneAsync(uses, cancellationToken);
        }
        if (commands.Exists(command => command.RecordsAffected > 0)) database.OutboxSignal.Wake();
        return commands.ConvertAll(command => command.RecordsAffected > 0);
    }

    /// <summary>One of them cannot be counted, and the batch failed with it: alone it fails alone.</summary>
    async Task<IReadOnlyList<bool>> CountOneByOneAsync(IReadOnlyList<Use> uses, CancellationToken cancellationToken)
    {
        var counted = new List<bool>(uses.Count);
        foreach (var use in uses) counted.AddRange(await CountAsync([use], cancellationToken));
        return counted;
    }

    /// <summary>
    /// Locks the code if it has a use left, counts the customer's use if they have one left, and only then the code's; then the
    /// order's row and the event. A second row for the order fails it all.
    /// </summary>
    NpgsqlBatchCommand CountCommand(Use use)
    {
        var command = database.Events.ChangeAndTell(
            """
            locked as (
              select code, max_uses_per_user from promotions
              where code = $5 and withdrawn_at is null and (max_uses is null or usage_count < max_uses)
              for update),
            customer as (
              insert into promotion_users (code, user_id, uses) select code, $6, 1 from locked
              on conflict (code, user_id) do update set uses = promotion_users.uses + 1
              where promotion_users.uses < coalesce((select max_uses_per_user from locked), 2147483647)
              returning code),
            counted as (
              update promotions p set usage_count = p.usage_count + 1 from customer where p.code = customer.code
              returning p.code),
            changed as (
              insert into redemptions (order_id, code, user_id, discount, discount_basis_points, redeemed_at)
              select $7, code, $6, $8, $9, now() from counted
              returning 1)
            """, new PromoRedeemed(use.Code, use.OrderId, use.UserId, use.Discount, clock.GetUtcNow()));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = use.Code });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = use.UserId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = use.OrderId });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = use.Discount });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = use.BasisPoints });
        return command;
    }

    public ValueTask DisposeAsync() => counting.DisposeAsync();
}
