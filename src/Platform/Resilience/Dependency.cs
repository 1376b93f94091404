using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Rosa.Platform.Resilience;

/// <summary>
/// What protects the callers of one other service: a circuit breaker that opens after three failed calls in a row, answers
/// at once while open, and lets one trial through after ten seconds.
/// </summary>
public sealed partial class Dependency
{
    readonly AsyncCircuitBreakerPolicy breaker;

    /// <param name="name">The service that is called.</param>
    /// <param name="isFailure">Whether an exception speaks against the service itself, and not only against this call.</param>
    public Dependency(string name, Func<Exception, bool> isFailure, int opensAfter, TimeSpan staysOpen, ILogger logger)
    {
        Name = name;
        breaker = Policy.Handle(isFailure).CircuitBreakerAsync(
            opensAfter, staysOpen,
            onBreak: (exception, openFor) => Log.Opened(logger, name, openFor, exception.Message),
            onReset: () => Log.Closed(logger, name),
            onHalfOpen: () => { });
    }

    public string Name { get; }

    /// <summary><c>Closed</c>, <c>Open</c> or <c>HalfOpen</c>.</summary>
    public string State => breaker.CircuitState.ToString();

    /// <summary>Calls, unless the circuit is open: then throws <see cref="BrokenCircuitException"/> at once.</summary>
    public Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => breaker.ExecuteAsync(call, cancellationToken);

    static partial class Log
    {
        [LoggerMessage(40, LogLevel.Warning, "The circuit to {Dependency} is open for {OpenFor}: {Reason}")]
        public static partial void Opened(ILogger logger, string dependency, TimeSpan openFor, string reason);

        [LoggerMessage(41, LogLevel.Information, "The circuit to {Dependency} is closed again")]
        public static partial void Closed(ILogger logger, string dependency);
    }
}
