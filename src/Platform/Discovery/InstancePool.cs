namespace Rosa.Platform.Discovery;

/// <summary>The instances of one service. Calls go to the one with the fewest in flight of those that are neither left out nor busy with getting warm.</summary>
/// <remarks>With one instance, which is most shops, a pick costs one interlocked addition; nothing here allocates.</remarks>
public sealed class InstancePool(string service, TimeProvider clock)
{
    const int MostPatience = 100, CostOfImpatience = 10;

    readonly Lock replacing = new();
    volatile Instance[] instances = [];
    int turn;
    int patience = MostPatience;

    public string Service { get; } = service;

    public IReadOnlyList<Instance> Instances => instances;

    /// <summary>These are the instances from now on. One that stays keeps its calls and its failures.</summary>
    public void Replace(IReadOnlyList<InstanceAddress> addresses)
    {
        lock (replacing)
        {
            var before = instances;
            if (before.Select(instance => instance.Address).SequenceEqual(addresses)) return;
            instances = [.. addresses.Distinct().Select(address => Array.Find(before, instance => instance.Address == address) ?? new Instance(address, clock))];
        }
    }

    /// <summary>
    /// The instance for one call, which ends with its <see cref="Instance.Done"/>. When all are left out, one of them all the same: a wrong
    /// guess must not take the service down. Null when none is known.
    /// </summary>
    /// <param name="before">Whom this call has asked in vain: asked again only when nobody better is there, the slow one first.</param>
    public Instance? Pick(in AskedInVain before = default)
    {
        var all = instances;
        if (all.Length == 1) return all[0].Begin();

        Instance? best = null;
        var (bestRank, bestInFlight) = (int.MaxValue, int.MaxValue);
        var first = (uint)Interlocked.Increment(ref turn);   // equals take turns
        for (var i = 0u; i < all.Length; i++)
        {
            var candidate = all[(first + i) % (uint)all.Length];
            var rank = before.Broke(candidate) ? 4 : candidate.IsLeftOut ? 3 : before.WasSlow(candidate) ? 2 : candidate.HasEnough ? 1 : 0;
            if (rank == 3 && before.Nobody && candidate.IsDueForTrial()) return candidate.Begin();
            if (rank > bestRank || (rank == bestRank && candidate.InFlight >= bestInFlight)) continue;
            (best, bestRank, bestInFlight) = (candidate, rank, candidate.InFlight);
        }
        return best?.Begin();
    }

    /// <summary>
    /// How long a call that is safe to repeat waits for this instance before it asks another: <paramref name="atMost"/>, or forever when no other takes part, and when
    /// so many have been asked anew already, compared with those that were answered, that it is not one instance that is slow but the service.
    /// </summary>
    public TimeSpan WaitFor(Instance instance, in AskedInVain before, TimeSpan atMost) =>
        Volatile.Read(ref patience) >= CostOfImpatience && AnotherTakesPart(instance, before) ? atMost : Timeout.InfiniteTimeSpan;

    /// <summary>Whether the call may hope for another: one that is not left out, and has not broken it before.</summary>
    public bool AnotherTakesPart(Instance instance, in AskedInVain before)
    {
        foreach (var other in instances)
        {
            if (other != instance && !other.IsLeftOut && !before.Broke(other)) return true;
        }
        return false;
    }

    /// <summary>Another instance is asked because this one was too slow.</summary>
    public void LostPatience() => Interlocked.Add(ref patience, -CostOfImpatience);

    /// <summary>A call was answered: ten of these pay for asking once anew.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref patience) < MostPatience) Interlocked.Increment(ref patience);
    }
}
