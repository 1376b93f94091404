namespace Rosa.Platform.Grpc;

/// <summary>What one call asks of the client.</summary>
/// <param name="Timeout">How long to wait for the end of the call, a stream's included; null for no limit but <see cref="GrpcDeadline.Current"/>.</param>
/// <param name="Metadata">Headers for the server; bytes by way of <see cref="GrpcMetadata.Binary"/>.</param>
/// <param name="CancellationToken">Cancels the call at both ends, which then ends with <see cref="GrpcStatusCode.Cancelled"/>.</param>
public readonly record struct GrpcCallOptions(
    TimeSpan? Timeout = null, IReadOnlyList<KeyValuePair<string, string>>? Metadata = null, CancellationToken CancellationToken = default);
