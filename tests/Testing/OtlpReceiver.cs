using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rosa.Testing;

/// <summary>A span as it came over the wire. Ids are hexadecimal.</summary>
/// <param name="ParentId">Empty for a span that nobody asked for.</param>
/// <param name="Kind">As OTLP numbers them.</param>
/// <param name="Service">The <c>service.name</c> of whoever sent it.</param>
/// <param name="Scope">The library that made it: <c>Npgsql</c>.</param>
public sealed record Span(string TraceId, string SpanId, string ParentId, string Name, SpanKind Kind, string Service, string Scope)
{
    public override string ToString() => $"{Service}: {Name} ({Kind}, {Scope})";
}

/// <summary>As OTLP numbers them.</summary>
public enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>What a collector of traces is at its entrance: takes OTLP over HTTP in protobuf (<c>opentelemetry/proto/collector/trace/v1</c>) and keeps every span.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Span> spans = new();

    OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            foreach (var span in OtlpTraces.Read(body.ToArray())) spans.Enqueue(span);
        });
    }

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>All spans that have come, of any trace.</summary>
    public IReadOnlyList<Span> Spans => [.. spans];

    /// <summary>The spans of a trace, once they are as wanted, or as they are after half a minute: whoever asked then says what is missing.</summary>
    public async Task<IReadOnlyList<Span>> TraceAsync(string traceId, Func<IReadOnlyList<Span>, bool> isWhole)
    {
        // Senders gather for five seconds.
        for (var look = 0; ; look++)
        {
            List<Span> trace = [.. spans.Where(span => span.TraceId == traceId)];
            if (isWhole(trace) || look == 300) return trace;
            await Task.Delay(100);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>
/// Reads the fields of <c>ExportTraceServiceRequest</c> that a tree is made of, by their numbers in <c>trace.proto</c>, <c>resource.proto</c> and <c>common.proto</c>.
/// </summary>
static class OtlpTraces
{
    public static IEnumerable<Span> Read(byte[] request) => Messages(request, 1).SelectMany(ofResource =>
    {
        var service = Messages(ofResource, 1).SelectMany(resource => Messages(resource, 1)).Where(attribute => Text(attribute, 1) == "service.name")
            .Select(attribute => Messages(attribute, 2).Select(value => Text(value, 1)).FirstOrDefault()).FirstOrDefault() ?? "";
        return Messages(ofResource, 2).SelectMany(ofScope =>
        {
            var scope = Messages(ofScope, 1).Select(named => Text(named, 1)).FirstOrDefault() ?? "";
            return Messages(ofScope, 2).Select(span => new Span(
                Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), (SpanKind)Number(span, 6), service, scope));
        });
    });

    static IEnumerable<byte[]> Messages(byte[] message, int field) => Fields(message).Where(found => found.Field == field && found.Bytes is not null).Select(found => found.Bytes!.ToByteArray());

    static string Text(byte[] message, int field) => Fields(message).FirstOrDefault(found => found.Field == field).Bytes?.ToStringUtf8() ?? "";

    static string Hex(byte[] message, int field) => Fields(message).FirstOrDefault(found => found.Field == field).Bytes is { } bytes ? Convert.ToHexStringLower(bytes.Span) : "";

    static ulong Number(byte[] message, int field) => Fields(message).FirstOrDefault(found => found.Field == field).Number;

    static List<(int Field, ByteString? Bytes, ulong Number)> Fields(byte[] message)
    {
        var fields = new List<(int, ByteString?, ulong)>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited: fields.Add((field, input.ReadBytes(), 0)); break;
                case WireFormat.WireType.Varint: fields.Add((field, null, input.ReadUInt64())); break;
                case WireFormat.WireType.Fixed64: fields.Add((field, null, input.ReadFixed64())); break;
                case WireFormat.WireType.Fixed32: fields.Add((field, null, input.ReadFixed32())); break;
                case var other: throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"A field of type {other} in OTLP."));
            }
        }
        return fields;
    }
}
