namespace Rosa.Host.Distributed;

/// <summary>A process that the supervisor keeps running.</summary>
/// <param name="Name">As in <c>rosa.json</c> and in the names of files: <c>catalog-1</c>.</param>
/// <param name="Mark">Words of its command line that no other process has: a number of a process is believed with them alone.</param>
/// <param name="Output">The file that all it says is appended to.</param>
sealed record ChildPlan(string Name, IReadOnlyList<string> Command, string Mark, string Output)
{
    public string WorkingFolder { get; init; } = "/";

    /// <summary>Beside those of the supervisor; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether it answers.</summary>
    public required Func<CancellationToken, Task<bool>> IsReadyAsync { get; init; }

    /// <summary>How long it may take to end when it is told to; then it is killed.</summary>
    public TimeSpan EndsWithin { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>A variable that makes a process die once, and not its successor.</summary>
    public const string CrashPoint = "ROSA_CRASH_AT";
}
