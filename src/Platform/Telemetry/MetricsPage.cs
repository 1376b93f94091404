using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging.RabbitMq;
using Rosa.Platform.Redis;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Telemetry;

/// <summary><c>GET /metrics</c>: requests, dependencies, queues, pools and the runtime, for Prometheus.</summary>
sealed class MetricsPage(
    Service service, RequestDurations requests, MeterReadings meters, Dependencies dependencies, QueueDepth queues, LogWriter logs, ServiceDirectory directory,
    RedisConnection? redis = null, BrokerState? broker = null)
{
    public async Task WriteAsync(HttpContext context)
    {
        var text = new PrometheusText();
        text.Describe("rosa_service", "gauge", "The service that this page is of.");
        text.Value("rosa_service", 1, new KeyValuePair<string, string>("service", service.Name));
        requests.Write(text);
        WriteCircuits(text);
        WriteInstances(text);
        if (redis is not null) text.Single("rosa_redis_up", "gauge", "Whether Redis answered when last looked at.", redis.IsUp ? 1 : 0);
        if (await queues.ReadAsync(context.RequestAborted) is { } depth) WriteQueues(text, depth);
        if (broker is not null) WriteBroker(text, broker);
        meters.Write(text);
        text.Single("rosa_log_lines_dropped_total", "counter", "Log lines lost because their reader was too slow.", logs.Dropped);
        WriteRuntime(text);

        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    void WriteCircuits(PrometheusText text)
    {
        text.Describe("rosa_circuit_state", "gauge", "The circuit breaker to a dependency: 0 closed, 1 half open, 2 open.");
        foreach (var dependency in dependencies.All)
        {
            var state = dependency.State switch { "Closed" => 0, "HalfOpen" => 1, _ => 2 };
            text.Value("rosa_circuit_state", state, new KeyValuePair<string, string>("dependency", dependency.Name));
        }
    }

    void WriteInstances(PrometheusText text)
    {
        text.Describe("rosa_instances", "gauge", "Instances of a dependency: those that take calls, and those left out for a while because they failed.");
        foreach (var pool in directory.Known)
        {
            var leftOut = pool.Instances.Count(instance => instance.IsLeftOut);
            text.Value("rosa_instances", pool.Instances.Count - leftOut, new("dependency", pool.Service), new("state", "in"));
            text.Value("rosa_instances", leftOut, new("dependency", pool.Service), new("state", "out"));
        }
    }

    static void WriteQueues(PrometheusText text, QueueDepth.Depth depth)
    {
        text.Single("rosa_outbox_events", "gauge", "Events committed and not yet handed over.", depth.Outbox);
        text.Single("rosa_inbox_events", "gauge", "Events received and not yet handled.", depth.Inbox);
        text.Single("rosa_inbox_parked_events", "gauge", "Events given up after the last try.", depth.Parked);
    }

    static void WriteBroker(PrometheusText text, BrokerState broker)
    {
        text.Single("rosa_broker_reached", "gauge", "Whether the message broker answers: 1 or 0.", broker.IsReached ? 1 : 0);
        if (broker.DeadLetters is { } dead) text.Single("rosa_broker_dead_letters", "gauge", "Messages to this service that were no events.", dead);
    }

    /// <summary>Of the whole process, whichever services it holds.</summary>
    static void WriteRuntime(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Single("process_cpu_seconds_total", "counter", "User and system time of the process.", Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Single("process_resident_memory_bytes", "gauge", "Resident memory of the process.", Environment.WorkingSet);
        text.Single("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Single("dotnet_gc_heap_bytes", "gauge", "Managed memory in use.", GC.GetTotalMemory(forceFullCollection: false));
        text.Single("dotnet_gc_allocated_bytes_total", "counter", "Managed memory ever allocated.", GC.GetTotalAllocatedBytes());
        text.Single("dotnet_gc_pause_seconds_total", "counter", "Time stopped by the collector.", GC.GetTotalPauseDuration().TotalSeconds);
        text.Describe("dotnet_gc_collections_total", "counter", "Collections by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            text.Value("dotnet_gc_collections_total", GC.CollectionCount(generation), new KeyValuePair<string, string>("generation", generation.ToString()));
        text.Single("dotnet_thread_pool_threads", "gauge", "Threads of the pool.", ThreadPool.ThreadCount);
        text.Single("dotnet_thread_pool_queue_length", "gauge", "Work that waits for a thread.", ThreadPool.PendingWorkItemCount);
    }
}
