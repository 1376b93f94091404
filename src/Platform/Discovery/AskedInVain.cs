namespace Rosa.Platform.Discovery;

/// <summary>The instances that one call has asked in vain so far: nothing at its first attempt.</summary>
public struct AskedInVain
{
    Instance? slow;
    List<Instance>? broken;

    /// <summary>This is its first attempt.</summary>
    public readonly bool Nobody => slow is null && broken is null;

    /// <summary>Whether it was asked, and either was slow or broke.</summary>
    public readonly bool Contains(Instance instance) => WasSlow(instance) || Broke(instance);

    /// <summary>It may answer yet, only later than this call waited.</summary>
    public readonly bool WasSlow(Instance instance) => slow == instance;

    /// <summary>It was not reached, or broke off.</summary>
    public readonly bool Broke(Instance instance) => broken?.Contains(instance) ?? false;

    /// <summary>It took longer than this call waits for one of several; only the last of those counts.</summary>
    public void AddSlow(Instance instance) => slow = instance;

    /// <summary>It was not reached, or broke off.</summary>
    public void AddBroken(Instance instance) => (broken ??= []).Add(instance);
}
