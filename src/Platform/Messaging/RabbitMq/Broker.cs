using RabbitMQ.Client;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>Connects to the broker. Who loses a connection throws away all that hung on it and connects anew: nothing is recovered behind anybody's back.</summary>
/// <param name="clientName">Who is shown in the broker's list of connections.</param>
sealed class Broker(RabbitMqOptions options, string clientName)
{
    static readonly TimeSpan goodbye = TimeSpan.FromSeconds(2);
    int tried;

    /// <summary>A new connection to the next broker of those named.</summary>
    public async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var addresses = options.Address!.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var factory = new ConnectionFactory
        {
            Uri = new Uri(addresses[(uint)Interlocked.Increment(ref tried) % addresses.Length]),
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = options.AnswerWithin,
            SocketReadTimeout = options.AnswerWithin,
            SocketWriteTimeout = options.AnswerWithin,
            ContinuationTimeout = options.AnswerWithin,
            HandshakeContinuationTimeout = options.AnswerWithin,
        };
        var connecting = factory.CreateConnectionAsync(clientName, cancellationToken);
        try
        {
            // A broker that ends amid the greeting can leave the client waiting for longer than the token allows.
            return await connecting.WaitAsync(cancellationToken);
        }
        catch
        {
            _ = connecting.ContinueWith(late => late.IsCompletedSuccessfully ? CloseAsync(late.Result) : Task.FromResult(late.Exception), TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Closes in the time a living broker needs. A dead one may keep the client waiting: that goes on without us.</summary>
    public static async Task CloseAsync(IConnection? connection)
    {
        if (connection is null) return;
        var closing = Task.Run(async () =>
        {
            try
            {
                await connection.CloseAsync(goodbye);
            }
            catch (Exception)
            {
                // It was lost already; there is nobody to say goodbye to.
            }
            await connection.DisposeAsync();
        });
        await Task.WhenAny(closing, Task.Delay(connection.IsOpen ? goodbye : TimeSpan.Zero));
        _ = closing.ContinueWith(ended => ended.Exception, TaskScheduler.Default);   // looked at, so that nobody is told of it
    }
}
