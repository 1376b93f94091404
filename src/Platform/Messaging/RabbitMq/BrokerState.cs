namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>Whether the broker is reached: shown on <c>/health/ready</c> and in <c>/metrics</c>. A service does without it for as long as it must.</summary>
public sealed class BrokerState
{
    const long Unknown = -1;

    volatile bool publishing, consuming = true;
    long deadLetters = Unknown;

    /// <summary>False from the first failure until it works again.</summary>
    public bool IsReached => publishing && consuming;

    /// <summary>Messages in this service's queue of dead letters, counted now and then; null while nobody knows.</summary>
    public long? DeadLetters => Interlocked.Read(ref deadLetters) is var counted and not Unknown ? counted : null;

    internal void Published(bool confirmed) => publishing = confirmed;

    internal void Consumes(bool connected)
    {
        consuming = connected;
        if (!connected) Interlocked.Exchange(ref deadLetters, Unknown);
    }

    internal void Counted(uint messages) => Interlocked.Exchange(ref deadLetters, messages);
}
