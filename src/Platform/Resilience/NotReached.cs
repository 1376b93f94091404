namespace Rosa.Platform.Resilience;

/// <summary>Tells the failures in which nothing was sent, so that even an order may be tried again elsewhere, from all others.</summary>
public static class NotReached
{
    /// <param name="exception">From <see cref="SocketsHttpHandler"/>, or something that was caused by it.</param>
    /// <param name="cancellationToken">The call's own, which ends it for other reasons.</param>
    public static bool Is(Exception exception, CancellationToken cancellationToken)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }) return true;

            // No connection within ConnectTimeout.
            if (cause is OperationCanceledException { InnerException: TimeoutException } && !cancellationToken.IsCancellationRequested) return true;
        }
        return false;
    }
}
