namespace Rosa.Platform.Grpc;

/// <summary>The time by which the work in hand must be answered, carried along the flow of async code.</summary>
public static class GrpcDeadline
{
    static readonly AsyncLocal<DateTimeOffset?> current = new();

    /// <summary>
    /// The deadline of the call being handled, UTC, or null when it has none. The server sets it around a handler, and a client call made
    /// inside sends what is left of it, so that nobody works on an answer its caller no longer waits for.
    /// </summary>
    public static DateTimeOffset? Current
    {
        get => current.Value;
        set => current.Value = value;
    }
}
