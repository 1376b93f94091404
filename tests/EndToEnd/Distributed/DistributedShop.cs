using Rosa.Testing;

namespace Rosa.EndToEnd.Tests.Distributed;

/// <summary>
/// One shop of real processes, with RabbitMQ, Redis, PostgreSQL and Caddy, for the tests that look into it: its spans come to a receiver here, its mails to a mail server,
/// its processes log all that they can be asked to, and a file in <see cref="CrashFolder"/> ends one of them.
/// </summary>
public sealed class DistributedShop : IAsyncLifetime
{
    const string Scale = "users=1,catalog=2,orders=2,promotions=1,recommendations=1,notifications=1,payments=2,gateway=1,storefront=1,backoffice=1";

    readonly string crashFolder = Directory.CreateTempSubdirectory("rosa-crash-").FullName;

    public RunningShop Shop { get; private set; } = null!;

    public MailCatcher Mails { get; private set; } = null!;

    public OtlpReceiver Traces { get; private set; } = null!;

    public string CrashFolder => crashFolder;

    public async ValueTask InitializeAsync()
    {
        Traces = await OtlpReceiver.StartAsync();
        Mails = await MailCatcher.StartAsync();
        Shop = await RunningShop.StartDistributedAsync(
            Scale,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Traces.Address),
            ("Logging__LogLevel__Default", "Information"),
            ("Gateway__RequestLog", "true"),
            ("Notifications__Smtp__Host", "127.0.0.1"),
            ("Notifications__Smtp__Port", $"{Mails.SmtpPort}"),
            ("Notifications__Smtp__Tls", "false"),
            ("Resilience__BreakerOpenSeconds", "1"),
            ("ROSA_CRASH_FOLDER", crashFolder));
    }

    public async ValueTask DisposeAsync()
    {
        if (Shop is not null) await Shop.DisposeAsync();
        if (Mails is not null) await Mails.DisposeAsync();
        if (Traces is not null) await Traces.DisposeAsync();
        Directory.Delete(crashFolder, recursive: true);
    }
}

/// <summary>The classes that share the one shop.</summary>
[CollectionDefinition(nameof(DistributedCollection))]
public sealed class DistributedCollection : ICollectionFixture<DistributedShop>;
