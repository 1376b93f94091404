using RabbitMQ.Client;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>Connects to the broker. Who loses a connection throws away all that hung on it and connects anew: nothing is recovered behind anybody's back.</summary>
sealed class Broker(RabbitMqOptions options, string clientName)
{
    int tried;

    /// <summary>A new connection to the first broker that answers, beginning with another one each time.</summary>
    public async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var addresses = options.Address!.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var first = (uint)Interlocked.Increment(ref tried);
        var factory = new ConnectionFactory
        {
            Uri = new Uri(addresses[first % addresses.Length]),
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = options.AnswerWithin,
            SocketReadTimeout = options.AnswerWithin,
            SocketWriteTimeout = options.AnswerWithin,
            ContinuationTimeout = options.AnswerWithin,
            HandshakeContinuationTimeout = options.AnswerWithin,
        };
        return await factory.CreateConnectionAsync(clientName, cancellationToken);
    }

    public static async Task CloseAsync(IConnection? connection)
    {
        if (connection is null) return;
        try
        {
            await connection.CloseAsync(TimeSpan.FromSeconds(2));
        }
        catch (Exception)
        {
            // It was lost already; there is nobody to say goodbye to.
        }
        await connection.DisposeAsync();
    }
}
