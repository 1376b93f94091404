namespace Rosa.Platform.Discovery;

/// <summary>The instances that one call has asked in vain so far: nothing at its first attempt.</summary>
public struct AskedInVain
{
    Instance? slow;
    List<Instance>? broken;

    public readonly bool Nobody => slow is null && broken is null;

    public readonly bool Contains(Instance instance) => WasSlow(instance) || Broke(instance);

    /// <summary>It may answer yet, only later than this call waited.</summary>
    public readonly bool WasSlow(Instance instance) => slow == instance;

    /// <summary>It was not reached, or broke off.</summary>
    public readonly bool Broke(Instance instance) => broken?.Contains(instance) ?? false;

    public void AddSlow(Instance instance) => slow = instance;

    public void AddBroken(Instance instance) => (broken ??= []).Add(instance);
}
