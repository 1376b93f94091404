using System.Buffers;
using System.CommandLine;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;
using Rosa.Catalog;
using Rosa.Cli.Load;

namespace Rosa.Cli.Bench;

/// <summary><c>rosa bench-bare bytes|sql</c>, started by the bench: Kestrel as a service has it, without routing, middleware or logs.</summary>
static class BareCommand
{
    static readonly Option<int> port = new("--port") { Required = true };
    static readonly Option<string> answer = new("--answer") { Required = true };

    public static Command Create()
    {
        var bytes = new Command("bytes", "Answers everything with the same bytes") { port, answer };
        bytes.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(port), SameBytes(BareAnswer.Load(arguments.GetValue(answer)!)), cancellationToken));

        var sql = new Command("sql", "Answers lists and details of products by the catalog's statements alone") { port };
        sql.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(port), SameStatements(), cancellationToken));
        return new Command("bench-bare", "The ceilings of the bench") { bytes, sql };
    }

    static async Task<int> RunAsync(int listenOn, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, listenOn, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(handle);
        await app.StartAsync(cancellationToken);
        await Task.Run(Console.In.ReadToEnd, cancellationToken).WaitAsync(cancellationToken);
        return 0;
    }

    static RequestDelegate SameBytes(BareAnswer same)
    {
        var headers = same.Headers.Where(header => header.Key != "Content-Type").ToArray();
        var contentType = same.Headers.GetValueOrDefault("Content-Type");
        return async context =>
        {
            var response = context.Response;
            foreach (var (name, value) in headers) response.Headers[name] = value;
            response.ContentType = contentType;
            response.ContentLength = same.Body.Length;
            await response.BodyWriter.WriteAsync(same.Body);
        };
    }

    static RequestDelegate SameStatements()
    {
        var source = new NpgsqlDataSourceBuilder(Environment.GetEnvironmentVariable(BareServer.DatabaseVariable)!).Build();
        return async context =>
        {
            await using var command = source.CreateCommand();
            if (context.Request.Path == "/api/products")
            {
                var query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
                string Of(string name, string otherwise) => query.TryGetValue(name, out var value) ? value.ToString() : otherwise;
                _ = ProductSort.TryParse(Of("sort", "newest"), out var sort);
                command.CommandText = ListSql.For(default, sort.Order, "fr", int.Parse(Of("page", "1")), int.Parse(Of("limit", "20")));
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Of("category", "") });
            }
            else
            {
                command.CommandText = GetProduct.Sql("fr");
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(context.Request.Path.Value!["/api/products/".Length..]) });
            }

            var body = new ArrayBufferWriter<byte>(8192);
            await using (var rows = await command.ExecuteReaderAsync(context.RequestAborted)) await WriteAsync(body, rows);
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.WrittenCount;
            await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
        };
    }

    // The rows as they come, an array each.
    static async Task WriteAsync(ArrayBufferWriter<byte> body, NpgsqlDataReader rows)
    {
        await using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        while (await rows.ReadAsync())
        {
            json.WriteStartArray();
            for (var i = 0; i < rows.FieldCount; i++) WriteField(json, rows, i);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    static void WriteField(Utf8JsonWriter json, NpgsqlDataReader rows, int i)
    {
        if (rows.IsDBNull(i)) json.WriteNullValue();
        else if (rows.GetFieldType(i) == typeof(string)) json.WriteStringValue(rows.GetString(i));
        else if (rows.GetFieldType(i) == typeof(int)) json.WriteNumberValue(rows.GetInt32(i));
        else if (rows.GetFieldType(i) == typeof(decimal)) json.WriteNumberValue(rows.GetDecimal(i));
        else if (rows.GetFieldType(i) == typeof(Guid)) json.WriteStringValue(rows.GetGuid(i));
        else json.WriteStringValue(rows.GetDateTime(i));
    }
}
