namespace Rosa.Host;

/// <summary>Why Rosa cannot start, in words that say what to do about it. Printed without a stack trace.</summary>
sealed class StartProblem(string message) : Exception(message)
{
    /// <summary>The problem behind an exception of the file system or of a program that we ran, where it is one that we can name.</summary>
    public static StartProblem? From(Exception exception, string folder) => exception switch
    {
        StartProblem problem => problem,
        UnauthorizedAccessException => new($"Rosa may not write to {folder}: {exception.Message} Choose another folder with --data DIR."),
        IOException when SaysDiskIsFull(exception.Message) => DiskIsFull(folder),
        _ => null,
    };

    public static StartProblem DiskIsFull(string folder) =>
        new($"The disk that holds {folder} is full. Make room, or choose a folder on another disk with --data DIR.");

    public static bool SaysDiskIsFull(string text) =>
        text.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)
        || text.Contains("disk quota exceeded", StringComparison.OrdinalIgnoreCase);
}
