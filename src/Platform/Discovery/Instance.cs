namespace Rosa.Platform.Discovery;

/// <summary>
/// One instance of a service as its callers see it: how many of their calls it has, and whether it is left out for a while because it
/// failed. It is left out for 1 s, then 2, 4, 8 and 10 s; after each pause one call tries it, and an answer brings it back. One that is new, or
/// back, has yet to compile and to connect: it gets one call at a time until it has answered a few.
/// </summary>
public sealed class Instance(InstanceAddress address, TimeProvider clock)
{
    const int FailuresInARow = 3;
    const int LongestPause = 10;
    const int AnswersUntilWarm = 20;

    readonly string authority = address.Http?.GetLeftPart(UriPartial.Authority) ?? "";
    int inFlight;
    int failures;
    int answers;     // since it was new, or back; no further than to AnswersUntilWarm
    long outUntil;   // a timestamp of the clock; 0 while it takes part

    public InstanceAddress Address { get; } = address;

    /// <summary><c>http://host:port</c>, without a slash at the end.</summary>
    public string Authority => authority.Length > 0 ? authority : throw new HttpRequestException(HttpRequestError.ConnectionError, $"The HTTP address of the instance {Address.Grpc} is not known.");

    /// <summary>Calls that it was picked for and that are not done.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    public bool IsLeftOut => Volatile.Read(ref outUntil) != 0;

    /// <summary>Whether it has the one call that is enough for an instance that is still cold.</summary>
    internal bool HasEnough => InFlight > 0 && Volatile.Read(ref answers) < AnswersUntilWarm;

    /// <summary>The call that it was picked for is over.</summary>
    public void Done() => Interlocked.Decrement(ref inFlight);

    /// <summary>It answered.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref answers) < AnswersUntilWarm) Interlocked.Increment(ref answers);
        if (Volatile.Read(ref failures) == 0) return;
        Volatile.Write(ref failures, 0);
        Volatile.Write(ref outUntil, 0);
    }

    /// <summary>It answered, and will close the connection: so does one that is about to leave, and the next calls go elsewhere.</summary>
    public void IsLeaving() => LeaveOut(Interlocked.Increment(ref failures));

    /// <summary>No connection could be made: it is left out at once.</summary>
    public void NotReached()
    {
        Volatile.Write(ref answers, 0);
        LeaveOut(Interlocked.Increment(ref failures));
    }

    /// <summary>It said that it is not able to answer, broke off, or did not answer in time: after three in a row it is left out.</summary>
    public void Failed()
    {
        var inARow = Interlocked.Increment(ref failures);
        if (inARow >= FailuresInARow) LeaveOut(inARow - FailuresInARow + 1);
    }

    internal Instance Begin()
    {
        Interlocked.Increment(ref inFlight);
        return this;
    }

    /// <summary>Whether the pause is over and nobody else tries it in this second.</summary>
    internal bool IsDueForTrial()
    {
        var until = Volatile.Read(ref outUntil);
        var now = clock.GetTimestamp();
        return until != 0 && now >= until && Interlocked.CompareExchange(ref outUntil, now + clock.TimestampFrequency, until) == until;
    }

    void LeaveOut(int times)
    {
        var seconds = times > 4 ? LongestPause : Math.Min(LongestPause, 1 << (times - 1));
        Volatile.Write(ref outUntil, clock.GetTimestamp() + (seconds * clock.TimestampFrequency));
    }
}
