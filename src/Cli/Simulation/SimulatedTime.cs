namespace Rosa.Cli.Simulation;

/// <summary>
/// A clock and scheduler of its own: everything that happens, happens at a time and in an order that the seed decides.
/// Nothing runs on another thread, so a seed replays exactly.
/// </summary>
sealed class SimulatedTime : SynchronizationContext
{
    readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> agenda = new();
    readonly Queue<Action> now = new();
    long order;

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void At(TimeSpan fromNow, Action action) => agenda.Enqueue(action, (Now + fromNow, order++));

    public override void Post(SendOrPostCallback callback, object? state) => now.Enqueue(() => callback(state));

    /// <summary>Runs until nothing is left to do. Returns false when that takes more than <paramref name="most"/> steps: something goes round in circles.</summary>
    public bool RunToEnd(int most)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            for (var step = 0; step < most; step++)
            {
                if (now.TryDequeue(out var next))
                {
                    next();
                }
                else if (agenda.TryDequeue(out var due, out var when))
                {
                    Now = when.At;
                    due();
                }
                else
                {
                    return true;
                }
            }
            return false;
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }
}

/// <summary>One life of a process: when it is killed, what it was about to do never happens, and what it waits for never comes.</summary>
sealed class SimulatedProcess(SimulatedTime time) : TimeProvider
{
    public bool IsAlive { get; private set; } = true;

    public void Kill() => IsAlive = false;

    public override DateTimeOffset GetUtcNow() => time.Now;

    /// <summary>Does this later, if it still lives then.</summary>
    public void Later(TimeSpan fromNow, Action action) => time.At(fromNow, () =>
    {
        if (IsAlive) action();
    });

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, callback, state, dueTime);

    sealed class Timer : ITimer
    {
        readonly SimulatedProcess process;
        readonly TimerCallback callback;
        readonly object? state;
        int generation;

        public Timer(SimulatedProcess process, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (this.process, this.callback, this.state) = (process, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var armed = ++generation;
            if (dueTime != Timeout.InfiniteTimeSpan)
                process.Later(dueTime, () =>
                {
                    if (generation == armed) callback(state);
                });
            return true;
        }

        public void Dispose() => generation++;

        public ValueTask DisposeAsync()
        {
            generation++;
            return ValueTask.CompletedTask;
        }
    }
}
