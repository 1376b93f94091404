using Rosa.Contracts.Promotions;
using Rosa.Platform.Grpc;

namespace Rosa.Promotions;

public sealed class RedeemPromotionTests(PromotionsUnderTest promotions) : IClassFixture<PromotionsUnderTest>
{
    [Fact]
    public async Task A_use_is_counted_once_an_order_and_answered_as_the_first_time()
    {
        var code = await promotions.CodeAsync(percentage: 10);
        var (orderId, userId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => promotions.RedeemAsync(code, orderId, userId, cents: 5_000))));
        Assert.All(answers, answer => Assert.Equal((true, 500, 1_000), (answer.IsValid, (int)answer.DiscountCents, answer.DiscountBasisPoints)));

        // Also when the terms have changed meanwhile, or the code is gone.
        await promotions.Employee.DeleteAsync($"/api/promotions/{code}");
        Assert.Equal(500, (await promotions.RedeemAsync(code, orderId, userId, cents: 9_000)).DiscountCents);
        Assert.Equal(1, await promotions.CountAsync("select usage_count::bigint from promotions where code = $1", code));
    }

    [Fact]
    public async Task The_last_use_asked_for_by_a_hundred_carts_at_once_is_redeemed_once()
    {
        await using var second = await promotions.SecondInstanceAsync();
        for (var round = 0; round < 15; round++)
        {
            var code = await promotions.CodeAsync(maxUses: 1);
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
                Task.Run(() => (i % 2 == 0 ? promotions : second).RedeemAsync(code.ToLowerInvariant(), Guid.CreateVersion7()))));

            Assert.Single(answers, answer => answer.IsValid);
            Assert.Equal(99, answers.Count(answer => answer.Reason == "CODE_EXHAUSTED"));
            Assert.Equal(1, await promotions.UsageAsync(code));
            Assert.Equal(1, await promotions.CountAsync("select count(*) from redemptions where code = $1", code));
        }
    }

    [Fact]
    public async Task A_customer_with_many_orders_at_once_uses_a_code_no_more_often_than_allowed()
    {
        await using var second = await promotions.SecondInstanceAsync();
        for (var round = 0; round < 15; round++)
        {
            var code = await promotions.CodeAsync(maxUsesPerUser: 2);
            var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
                (User: i % 4 < 2 ? one : two, Answer: await (i % 2 == 0 ? promotions : second).RedeemAsync(code, Guid.CreateVersion7(), i % 4 < 2 ? one : two)))));

            Assert.Equal(2, answers.Count(a => a.User == one && a.Answer.IsValid));
            Assert.Equal(2, answers.Count(a => a.User == two && a.Answer.IsValid));
            Assert.All(answers, a => Assert.True(a.Answer.IsValid || a.Answer.Reason == "ALREADY_USED"));
            Assert.Equal(4, await promotions.UsageAsync(code));
        }
    }

    [Fact]
    public async Task A_released_use_can_be_had_by_somebody_else()
    {
        var code = await promotions.CodeAsync(maxUses: 1, maxUsesPerUser: 1);
        var (orderId, userId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.True((await promotions.RedeemAsync(code, orderId, userId)).IsValid);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => promotions.ReleaseAsync(orderId))));
        Assert.Equal(0, await promotions.UsageAsync(code));
        Assert.Equal("RELEASED", (await promotions.RedeemAsync(code, orderId, userId)).Reason);
        Assert.True((await promotions.RedeemAsync(code, Guid.CreateVersion7(), userId)).IsValid);
    }

    [Fact]
    public async Task A_redeem_after_the_release_of_its_order_is_refused()
    {
        var code = await promotions.CodeAsync();
        var orderId = Guid.CreateVersion7();
        await promotions.ReleaseAsync(orderId);
        await promotions.ReleaseAsync(orderId);
        Assert.Equal("RELEASED", (await promotions.RedeemAsync(code, orderId)).Reason);
        Assert.Equal(0, await promotions.UsageAsync(code));
    }

    [Fact]
    public async Task Redeems_and_releases_in_any_order_lose_and_double_nothing()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var second = await promotions.SecondInstanceAsync();
        for (var round = 0; round < 15; round++)
        {
            string[] codes = [await promotions.CodeAsync(maxUses: 8), await promotions.CodeAsync(maxUsesPerUser: 2), await promotions.CodeAsync()];
            var users = Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToArray();
            var orders = Enumerable.Range(0, 30).Select(_ => (Id: Guid.CreateVersion7(), Code: codes[random.Next(3)], User: users[random.Next(4)])).ToArray();
            var steps = Enumerable.Range(0, 200).Select(_ => (Order: orders[random.Next(30)], Release: random.Next(3) == 0, First: random.Next(2) == 0)).ToArray();

            await Parallel.ForEachAsync(steps, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (step, _) =>
            {
                var instance = step.First ? promotions : second;
                if (step.Release) await instance.ReleaseAsync(step.Order.Id);
                else await instance.RedeemAsync(step.Order.Code, step.Order.Id, step.Order.User);
            });

            foreach (var code in codes)
            {
                var live = await promotions.CountAsync("select count(*) from redemptions where code = $1 and released_at is null", code);
                Assert.True(live == await promotions.UsageAsync(code), $"seed {seed}, round {round}: {code} is used {live} times");
            }
            Assert.True(await promotions.CountAsync(
                """
                select count(*) from promotion_users u
                where uses <> (select count(*) from redemptions r where r.code = u.code and r.user_id = u.user_id and r.released_at is null)
                """) == 0, $"seed {seed}, round {round}: the uses by customer are wrong");
            Assert.True(await promotions.CountAsync(
                "select count(*) from promotion_users u join promotions p using (code) where u.uses > p.max_uses_per_user or p.usage_count > p.max_uses") == 0, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public async Task Bad_arguments_are_refused()
    {
        foreach (var request in new[]
        {
            new RedeemRequest { Code = "X", OrderId = "x", UserId = Guid.CreateVersion7().ToString() },
            new RedeemRequest { Code = "X", OrderId = Guid.CreateVersion7().ToString() },
            new RedeemRequest { Code = "X", OrderId = Guid.CreateVersion7().ToString(), UserId = Guid.CreateVersion7().ToString(), CartTotalCents = -1 },
        })
        {
            var refused = await Assert.ThrowsAsync<GrpcException>(() => promotions.CallAsync(PromotionsGrpc.Redeem, request));
            Assert.Equal(GrpcStatusCode.InvalidArgument, refused.Status);
        }
        await Assert.ThrowsAsync<GrpcException>(() => promotions.CallAsync(PromotionsGrpc.Release, new ReleaseRedemptionRequest { OrderId = "" }));
        Assert.Equal("CODE_UNKNOWN", (await promotions.RedeemAsync("NOPE", Guid.CreateVersion7())).Reason);
    }

    [Fact]
    public async Task Only_services_may_redeem()
    {
        using var channel = promotions.Service.Channel();
        var refused = await Assert.ThrowsAsync<GrpcException>(() =>
            channel.UnaryAsync(PromotionsGrpc.Redeem, new RedeemRequest(), new GrpcCallOptions(TimeSpan.FromSeconds(5))));
        Assert.Equal(GrpcStatusCode.Unauthenticated, refused.Status);
    }
}
