using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Audit;
using Rosa.Platform.Database;
using Rosa.Platform.Discovery;
using Rosa.Platform.Grpc;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;
using Rosa.Platform.Messaging.RabbitMq;
using Rosa.Platform.OpenApi;
using Rosa.Platform.Operations;
using Rosa.Platform.Problems;
using Rosa.Platform.Redis;
using Rosa.Platform.Resilience;
using Rosa.Platform.Telemetry;

namespace Rosa.Platform.Hosting;

/// <summary>
/// The one builder of every service, alone in its process or beside the others: configuration, logs, health, problem
/// details, tokens, database, messages, OpenAPI, and a graceful stop.
/// </summary>
public static class ServiceProcess
{
    /// <summary>Runs a service as a process of its own until it is told to stop; or asks the one that runs how it is (<see cref="HealthCommand"/>).</summary>
    public static async Task<int> RunAsync(Service service, string[] args)
    {
        if (HealthCommand.IsAsked(args)) return await HealthCommand.RunAsync(service, args, Console.Out);
        await using var app = Build(service, settings: [], args);
        await app.StartAsync();
        await StopSignal.WaitAsync(app.Lifetime.ApplicationStopping);
        await app.StopAsync();
        return 0;
    }

    /// <summary>Builds a service without starting it.</summary>
    /// <param name="settings">The host's settings; environment variables and arguments override them.</param>
    /// <param name="transport">The bus that the services of one process share; a service alone has its own.</param>
    public static WebApplication Build(Service service, IEnumerable<KeyValuePair<string, string?>> settings, string[] args, IEventTransport? transport = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = service.Assembly.GetName().Name,
        });
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = settings });
        SettingsFile.Add(builder.Configuration, args);

        Listen(builder, service);
        builder.AddTelemetry(service);
        AddPlatform(builder, service, transport);
        if (builder.Configuration["Database:ConnectionString"] is { Length: > 0 } connectionString) AddDatabase(builder, service, connectionString);
        service.Add(builder);

        var app = builder.Build();
        app.UseLeaving();
        app.UseCorrelation();
        app.UseTelemetry();
        app.Services.GetService<EarlyMiddleware>()?.Use(app);
        app.UseProblems();
        app.UseStorableText();
        app.UseRouting();
        app.UseAccess();
        app.UseAudit();
        app.MapHealth();
        if (!IsReadOnly(app.Configuration, service)) app.MapOperations();
        app.MapTelemetry();
        app.MapOpenApi("/openapi/{documentName}.json").For(Access.Anyone);
        service.Map(app);
        if (service.GrpcPort is not null) MapGrpcExtras(app);
        if (app.Services.GetService<NpgsqlDataSource>() is not null && !IsReadOnly(app.Configuration, service)) app.MapAudit();
        SubscribeToEvents(app, service);
        FollowLifetime(app);
        return app;
    }

    static void Listen(WebApplicationBuilder builder, Service service)
    {
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = TimeSpan.FromSeconds(20) + Leaving.After(builder.Configuration);
            options.ServicesStartConcurrently = true;   // and stop one by one: the requests first, what they stand on after them
        });
        builder.Services.AddSingleton<IHostLifetime, ToldByOthers>();
        builder.Services.AddSingleton<Leaving>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Leaving>());
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            var configuration = context.Configuration;
            var address = IPAddress.Parse(configuration["Listen:Address"] ?? "127.0.0.1");
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1_000_000;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32_768;
            kestrel.Limits.MaxRequestLineSize = 16_384;   // an address that is too long reaches the rule of its parameter, and gets an answer that says so
            kestrel.Listen(address, configuration.GetValue("Listen:Port", service.Port), listen => listen.Protocols = HttpProtocols.Http1);
            if (service.GrpcPort is { } grpcPort)
            {
                kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
                kestrel.Listen(address, configuration.GetValue("Listen:GrpcPort", grpcPort), listen => listen.Protocols = HttpProtocols.Http2);
            }
        });
    }

    static void AddPlatform(WebApplicationBuilder builder, Service service, IEventTransport? transport)
    {
        var services = builder.Services;
        services.AddRedis(builder.Configuration);   // stops last: what was registered first
        services.AddSingleton(service);
        AddTransport(builder, service, transport);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Readiness>();
        services.AddSingleton<Dependencies>();
        services.AddDiscovery(builder.Configuration);
        services.AddSingleton<ITokenKeys, PublishedTokenKeys>();
        services.AddSingleton<DeletedUsers>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<IServiceTokenSource, ServiceTokens>();
        services.AddSingleton<ServiceGrpc>();
        services.AddSingleton<ServiceHttp>();
        if (service.Name != "users" && builder.Configuration.CanFind("users")) services.AddHostedService<FollowDeletedUsers>();
        services.AddProblems();
        services.AddApiDescription(service.Name);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;   // a number is not a text
            json.SerializerOptions.Converters.Add(new StorableText());
        });
    }

    /// <summary>Events go over RabbitMQ where its address is set, and stay in the process where it is not.</summary>
    static void AddTransport(WebApplicationBuilder builder, Service service, IEventTransport? shared)
    {
        var services = builder.Services;
        services.AddOptions<RabbitMqOptions>().BindConfiguration("RabbitMq").ValidateDataAnnotations().ValidateOnStart();
        if (shared is null && builder.Configuration["RabbitMq:Address"] is { Length: > 0 })
        {
            services.AddSingleton(provider => provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value);
            services.AddSingleton<BrokerState>();
            services.AddSingleton<RabbitMqTransport>();
            services.AddSingleton<IEventTransport>(provider => provider.GetRequiredService<RabbitMqTransport>());
        }
        else services.AddSingleton(shared ?? new InProcessTransport());
    }

    static void AddDatabase(WebApplicationBuilder builder, Service service, string connectionString)
    {
        var services = builder.Services;
        services.AddSingleton(provider =>
        {
            var source = new NpgsqlDataSourceBuilder(connectionString);
            source.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            source.Name = service.Name;
            return source.Build();
        });
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<ServiceDatabase>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton(provider =>
        {
            var handlers = new EventHandlers();
            foreach (var register in provider.GetRequiredService<IOptions<EventHandlerOptions>>().Value.Registrations) register(handlers);
            return handlers;
        });
        services.AddSingleton<InboxWorker>();
        services.AddSingleton<OutboxRelay>();

        // First the tables, then what works on them; a service's own background work is registered after these.
        services.AddHostedService(provider => new MigrationsAtStart(
            provider.GetRequiredService<NpgsqlDataSource>(), service.Assembly, provider.GetRequiredService<Readiness>(), provider.GetRequiredService<ILogger<MigrationsAtStart>>()));
        if (IsReadOnly(builder.Configuration, service)) return;
        services.AddHostedService(provider => provider.GetRequiredService<OutboxRelay>());
        services.AddHostedService(provider => provider.GetRequiredService<InboxWorker>());
        if (services.Any(known => known.ServiceType == typeof(RabbitMqTransport))) services.AddHostedService<RabbitMqConsumer>();
        services.AddHostedService<Housekeeping>();
    }

    static void MapGrpcExtras(WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.MapGrpcFallback();
        app.MapGrpcHealth(["mamie_rosa.CatalogService", "mamie_rosa.PromotionService"], () => readiness.IsReady);
    }

    /// <summary>An instance that only reads neither tells events nor hears them: others of its service do.</summary>
    static bool IsReadOnly(IConfiguration configuration, Service service) => configuration.GetValue($"{service.Section}:ReadOnly", false);

    static void SubscribeToEvents(WebApplication app, Service service)
    {
        if (IsReadOnly(app.Configuration, service)) return;
        if (app.Services.GetService<EventHandlers>() is not { RoutingKeys.Count: > 0 } handlers) return;
        // Over RabbitMQ it is the consumer that listens.
        if (app.Services.GetRequiredService<IEventTransport>() is InProcessTransport bus) bus.Subscribe(service.Name, handlers.RoutingKeys, app.Services.GetRequiredService<InboxWorker>().ReceiveAsync);
    }

    static void FollowLifetime(WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.Lifetime.ApplicationStarted.Register(readiness.Started);
        app.Lifetime.ApplicationStopping.Register(readiness.Stopping);
    }

    /// <summary>Signals are heard by <see cref="RunAsync"/>, or by the host of many services.</summary>
    sealed class ToldByOthers : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Migrates before anything else starts: in <c>StartingAsync</c>, which runs before every <c>StartAsync</c>.</summary>
sealed class MigrationsAtStart(NpgsqlDataSource source, Assembly service, Readiness readiness, ILogger<MigrationsAtStart> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Migrations.ApplyAsync(source, service, logger, cancellationToken);
        readiness.Needs("database", async token =>
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(token);
        });
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
