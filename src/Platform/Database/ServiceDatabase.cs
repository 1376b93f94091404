using System.Data;
using Dapper;
using Npgsql;
using Rosa.Platform.Messaging;

namespace Rosa.Platform.Database;

/// <summary>
/// A service's own database: one pool, and the outbox that belongs to every change.
/// </summary>
/// <remarks>
/// Single statements go straight to <see cref="Source"/>. A change of several statements that tells an event either takes
/// <see cref="BeginAsync"/>, or sends one <see cref="NpgsqlBatch"/> (one round trip, one transaction) with
/// <see cref="Outbox.Command"/> among its commands and calls <see cref="OutboxSignal.Wake"/> after.
/// </remarks>
public sealed class ServiceDatabase(NpgsqlDataSource source, OutboxSignal outbox, Outbox events) : IAsyncDisposable
{
    /// <summary>The pool. Small on purpose: more connections than cores only make rows and cores wait.</summary>
    public NpgsqlDataSource Source { get; } = source;

    /// <summary>Makes the outbox rows of this service's events.</summary>
    public Outbox Events { get; } = events;

    public OutboxSignal OutboxSignal { get; } = outbox;

    public async Task<DatabaseTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await Source.OpenConnectionAsync(cancellationToken);
        try
        {
            return new DatabaseTransaction(connection, await connection.BeginTransactionAsync(cancellationToken), this);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a change of <see cref="Outbox.ChangeAndTell"/>: one round trip. False when there was nothing to change, and nothing was told.</summary>
    public async Task<bool> ChangeAsync(NpgsqlBatchCommand changeAndTell, CancellationToken cancellationToken)
    {
        await using var batch = Source.CreateBatch();
        batch.BatchCommands.Add(changeAndTell);
        if (await batch.ExecuteNonQueryAsync(cancellationToken) == 0) return false;
        OutboxSignal.Wake();
        return true;
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    static ServiceDatabase()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTimeHandler());
    }

    /// <summary>Reads <c>timestamptz</c> as a UTC <see cref="DateTimeOffset"/>.</summary>
    sealed class UtcTimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            DateTimeOffset time => time.ToUniversalTime(),
            _ => throw new DataException($"{value.GetType()} is no time."),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }
}

/// <summary>One transaction: everything in it happens, events included, or nothing does.</summary>
public sealed class DatabaseTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, ServiceDatabase database) : IAsyncDisposable
{
    bool tellsEvents;

    public NpgsqlConnection Connection { get; } = connection;

    public NpgsqlTransaction Transaction { get; } = transaction;

    /// <summary>Tells an event when, and only when, this transaction commits.</summary>
    public async Task PublishAsync<TEvent>(TEvent happened, CancellationToken cancellationToken) where TEvent : Contracts.IEvent
    {
        await using var batch = new NpgsqlBatch(Connection, Transaction);
        batch.BatchCommands.Add(database.Events.Command(happened));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        tellsEvents = true;
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Transaction.CommitAsync(cancellationToken);
        if (tellsEvents) database.OutboxSignal.Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
