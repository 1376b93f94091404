using System.Buffers;
using System.Net;
using Google.Protobuf;

namespace Rosa.Platform.Grpc;

/// <summary>One call of the client, from its headers to its status.</summary>
sealed class GrpcClientCall(GrpcCallOptions options) : IDisposable
{
    const int FirstBuffer = 4096;

    CancellationTokenSource? deadline;
    CancellationToken token;
    HttpResponseMessage? response;
    Stream? body;

    // What has come and is not yet taken is buffer[start..end].
    byte[] buffer = [];
    int start;
    int end;

    /// <summary>Sends the request and waits for the head of the answer.</summary>
    /// <exception cref="GrpcException">The call is over.</exception>
    public async ValueTask StartAsync<TRequest>(HttpMessageInvoker invoker, Uri target, TRequest message) where TRequest : class, IMessage<TRequest>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new GrpcRequestContent<TRequest>(message),
        };
        AddHeaders(request);
        try
        {
            response = await invoker.SendAsync(request, token);
            CheckHead(response);
            body = await response.Content.ReadAsStreamAsync(token);
        }
        catch (Exception problem) when (IsTransport(problem))
        {
            throw Failure(problem);
        }
    }

    /// <summary>The next message, or null when the server ended the call with OK.</summary>
    /// <exception cref="GrpcException">The call is over, and not with OK.</exception>
    public async ValueTask<TResponse?> ReadAsync<TResponse>(MessageParser<TResponse> parser) where TResponse : class, IMessage<TResponse>
    {
        var needed = GrpcFraming.PrefixSize;
        while (true)
        {
            if (end - start >= needed)
            {
                var size = GrpcFraming.PrefixSize + GrpcFraming.LengthFrom(buffer.AsSpan(start, GrpcFraming.PrefixSize));
                if (end - start >= size)
                {
                    var message = GrpcFraming.Parse(parser, buffer.AsSpan(start + GrpcFraming.PrefixSize, size - GrpcFraming.PrefixSize));
                    start += size;
                    return message;
                }

                needed = size;
            }

            MakeRoom(needed);
            var read = await FillAsync();
            if (read > 0)
            {
                end += read;
                continue;
            }

            // The status explains a message that was cut, so it is asked first.
            CheckStatus(response!);
            return end == start ? null : throw new GrpcException(GrpcStatusCode.Internal, "The answer ends within a message.");
        }
    }

    public void Dispose()
    {
        // Resets the stream unless the server has ended it.
        response?.Dispose();
        deadline?.Dispose();
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    void AddHeaders(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        foreach (var (name, value) in options.Metadata ?? [])
        {
            GrpcMetadata.Check(name, value);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        token = options.CancellationToken;
        if (TimeLeft() is not { } left) return;

        if (left <= TimeSpan.Zero) throw DeadlineExceeded();

        request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(left));
        deadline = token.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(token) : new CancellationTokenSource();
        deadline.CancelAfter(left);
        token = deadline.Token;
    }

    TimeSpan? TimeLeft()
    {
        var left = GrpcDeadline.Current - DateTimeOffset.UtcNow;
        if (left is null || options.Timeout < left) left = options.Timeout;
        return left > GrpcTimeout.Longest ? GrpcTimeout.Longest : left;
    }

    async ValueTask<int> FillAsync()
    {
        try
        {
            return await body!.ReadAsync(buffer.AsMemory(end), token);
        }
        catch (Exception problem) when (IsTransport(problem))
        {
            throw Failure(problem);
        }
    }

    void MakeRoom(int needed)
    {
        if (buffer.Length - start >= needed && end < buffer.Length) return;

        if (buffer.Length >= needed && start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed + 1, FirstBuffer));
            buffer.AsSpan(start, end - start).CopyTo(larger);
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        end -= start;
        start = 0;
    }

    static void CheckHead(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw GrpcFailures.StatusIn(response.Headers) is (not GrpcStatusCode.OK, _) said
                ? new GrpcException(said.Status, said.Message)
                : GrpcFailures.FromHttp(response.StatusCode);
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
        if (!GrpcResponses.IsGrpc(contentType))
        {
            throw new GrpcException(GrpcStatusCode.Unknown, $"The answer is not gRPC: its content type is '{contentType}'.");
        }
    }

    // In the trailers, which are there once the body is read to its end, or in the only header frame of an answer without messages.
    static void CheckStatus(HttpResponseMessage response)
    {
        var (status, message) = GrpcFailures.StatusIn(response.TrailingHeaders) ?? GrpcFailures.StatusIn(response.Headers)
            ?? (GrpcStatusCode.Unknown, "The answer ends without a gRPC status.");
        if (status != GrpcStatusCode.OK) throw new GrpcException(status, message);
    }

    static bool IsTransport(Exception problem) => problem is HttpRequestException or IOException or OperationCanceledException;

    GrpcException Failure(Exception problem) =>
        options.CancellationToken.IsCancellationRequested ? new GrpcException(GrpcStatusCode.Cancelled, "The caller cancelled the call.", problem)
        : deadline is { IsCancellationRequested: true } ? DeadlineExceeded(problem)
        : GrpcFailures.FromTransport(problem);

    static GrpcException DeadlineExceeded(Exception? problem = null) => new(GrpcStatusCode.DeadlineExceeded, "The server did not answer in time.", problem);
}
