namespace Rosa.Platform.Messaging;

/// <summary>The rules of delivery, without clock or database: the workers and the simulation both follow these.</summary>
public static class Delivery
{
    static readonly TimeSpan[] waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)];

    /// <summary>How long a message waits after its n-th failure (from 1), or null when it is parked for an employee.</summary>
    public static TimeSpan? WaitAfterFailure(int failures) => failures <= waits.Length ? waits[failures - 1] : null;
}
