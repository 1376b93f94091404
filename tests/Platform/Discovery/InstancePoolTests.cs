using Rosa.Platform.Discovery;

namespace Rosa.Platform.Tests.Discovery;

public sealed class InstancePoolTests
{
    readonly TestClock clock = new();
    readonly InstancePool pool;

    public InstancePoolTests() => pool = new InstancePool("catalog", clock);

    static InstanceAddress At(int port) => new(new Uri($"http://127.0.0.1:{port}"), null);

    void Holds(params int[] ports) => pool.Replace([.. ports.Select(At)]);

    int? PickPort() => pool.Pick()?.Address.Http!.Port;

    [Fact]
    public void A_call_goes_to_the_instance_with_the_fewest_in_flight()
    {
        Holds(1, 2, 3);
        var busy = new[] { pool.Pick()!, pool.Pick()!, pool.Pick()! };
        Assert.Equal([1, 2, 3], busy.Select(instance => instance.Address.Http!.Port).Order());
        busy[1].Done();
        Assert.Same(busy[1], pool.Pick());
    }

    [Fact]
    public void Instances_that_are_equally_busy_take_turns()
    {
        Holds(1, 2);
        var picked = Enumerable.Range(0, 100).Select(_ =>
        {
            var instance = pool.Pick()!;
            instance.Done();
            return instance.Address.Http!.Port;
        });
        Assert.Equal([50, 50], picked.CountBy(port => port).Select(count => count.Value));
    }

    [Fact]
    public void Whoever_is_not_reached_is_left_out_for_a_second_then_two_four_eight_and_ten()
    {
        Holds(1, 2);
        var down = pool.Instances[0];
        foreach (var pause in (int[])[1, 2, 4, 8, 10, 10])
        {
            down.NotReached();
            clock.Advance(TimeSpan.FromSeconds(pause - 0.1));
            Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(2, PickPort()));
            clock.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal(1, PickPort());   // one call tries it
            Assert.Equal(2, PickPort());   // and no other meanwhile
        }
        down.Answered();
        Assert.Contains(1, Enumerable.Range(0, 20).Select(_ => PickPort()!.Value));
        Assert.False(down.IsLeftOut);
    }

    [Fact]
    public void Whoever_fails_three_times_in_a_row_is_left_out_and_an_answer_begins_the_count_anew()
    {
        Holds(1, 2);
        var weak = pool.Instances[0];
        weak.Failed();
        weak.Failed();
        weak.Answered();
        weak.Failed();
        weak.Failed();
        Assert.False(weak.IsLeftOut);
        weak.Failed();
        Assert.True(weak.IsLeftOut);
    }

    [Fact]
    public void The_only_instance_is_asked_whatever_happened_and_so_is_one_when_all_are_left_out()
    {
        Holds(1);
        for (var i = 0; i < 5; i++) pool.Instances[0].NotReached();
        Assert.Equal(1, PickPort());

        Holds(1, 2);
        foreach (var instance in pool.Instances) instance.NotReached();
        Assert.NotNull(pool.Pick());
    }

    [Fact]
    public void A_call_that_failed_is_tried_on_another_instance_and_on_the_same_only_when_it_is_alone()
    {
        Holds(1, 2, 3);
        var before = new AskedInVain();
        before.AddBroken(pool.Pick(before)!);
        before.AddBroken(pool.Pick(before)!);
        var last = pool.Pick(before)!;
        Assert.False(before.Contains(last));

        before.AddSlow(last);   // better than those that are broken
        Assert.Same(last, pool.Pick(before));

        Holds(1);
        Assert.Same(pool.Instances[0], pool.Pick(before));
    }

    [Fact]
    public void A_call_that_failed_once_tries_nobody_who_is_left_out()
    {
        Holds(1, 2, 3);
        pool.Instances[0].NotReached();
        clock.Advance(TimeSpan.FromSeconds(1));
        var before = new AskedInVain();
        before.AddBroken(pool.Instances[1]);
        Assert.Equal(3, pool.Pick(before)!.Address.Http!.Port);
        Assert.Equal(1, PickPort());   // as the first attempt of another call does
    }

    [Fact]
    public void An_instance_that_stays_keeps_what_is_known_of_it()
    {
        Holds(1, 2);
        var stays = pool.Instances[1];
        stays.NotReached();
        Holds(3, 2);
        Assert.Same(stays, pool.Instances[1]);
        Assert.Equal(3, PickPort());
    }

    [Fact]
    public void An_instance_that_is_new_or_back_gets_one_call_at_a_time_until_it_has_answered_some()
    {
        Holds(1, 2);
        foreach (var instance in pool.Instances) Warm(instance);
        Holds(1, 2, 3);
        var newcomer = pool.Instances[2];
        Assert.Equal(1, Enumerable.Range(0, 50).Count(_ => PickPort() == 3));
        newcomer.Done();
        Warm(newcomer);
        Assert.Equal(20, Enumerable.Range(0, 20).Count(_ => PickPort() == 3));

        newcomer.NotReached();
        newcomer.Answered();
        Assert.DoesNotContain(3, Enumerable.Range(0, 200).Select(_ => PickPort()!.Value));

        void Warm(Instance instance)
        {
            for (var i = 0; i < 20; i++) instance.Answered();
        }
    }

    [Fact]
    public void Instances_that_are_all_new_share_the_calls()
    {
        Holds(1, 2);
        Assert.Equal([50, 50], Enumerable.Range(0, 100).Select(_ => PickPort()!.Value).CountBy(port => port).Select(count => count.Value));
    }

    [Fact]
    public void Patience_with_one_instance_ends_unless_no_other_takes_part_or_all_are_slow()
    {
        var (second, none) = (TimeSpan.FromSeconds(1), new AskedInVain());
        Holds(1);
        Assert.Equal(Timeout.InfiniteTimeSpan, pool.WaitFor(pool.Instances[0], none, second));

        Holds(1, 2);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(second, pool.WaitFor(pool.Instances[0], none, second));
            pool.LostPatience();
        }
        Assert.Equal(Timeout.InfiniteTimeSpan, pool.WaitFor(pool.Instances[0], none, second));
        for (var i = 0; i < 10; i++) pool.Answered();
        Assert.Equal(second, pool.WaitFor(pool.Instances[0], none, second));

        var before = new AskedInVain();
        before.AddBroken(pool.Instances[1]);
        Assert.Equal(Timeout.InfiniteTimeSpan, pool.WaitFor(pool.Instances[0], before, second));

        pool.Instances[1].NotReached();
        Assert.Equal(Timeout.InfiniteTimeSpan, pool.WaitFor(pool.Instances[0], none, second));
    }

    [Fact]
    public void Without_an_instance_there_is_nobody_to_pick() => Assert.Null(pool.Pick());

    [Fact]
    public async Task Calls_in_flight_are_counted_right_whatever_happens_at_once()
    {
        Holds(1, 2, 3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            var random = new Random(n);
            for (var i = 0; i < 20_000; i++)
            {
                var instance = pool.Pick()!;
                if (random.Next(50) == 0) instance.NotReached();
                else instance.Answered();
                instance.Done();
                if (random.Next(1_000) == 0) Holds([.. new[] { 1, 2, 3, 4 }.Where(_ => random.Next(3) > 0).DefaultIfEmpty(1)]);
            }
        })));
        Assert.All(pool.Instances, instance => Assert.Equal(0, instance.InFlight));
    }
}

/// <summary>Time that passes when the test says so.</summary>
sealed class TestClock : TimeProvider
{
    long ticks = DateTimeOffset.UtcNow.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
