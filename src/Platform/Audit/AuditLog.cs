using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Platform.Audit;

/// <summary>
/// Writes down every change that an employee asks for: before it is tried, so that none goes unrecorded, and what came of it after. Where it cannot be
/// written down, it is not done.
/// </summary>
public static class AuditLog
{
    sealed record NotAuditedMark;

    /// <summary>Of a POST that only asks, or of what employees do as customers.</summary>
    public static TBuilder NotAudited<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NotAuditedMark());

    /// <summary>To be used behind the check of access: it knows who asks.</summary>
    internal static void UseAudit(this WebApplication app)
    {
        if (app.Services.GetService<NpgsqlDataSource>() is not { } source) return;
        app.Use((context, next) => IsAudited(context) ? AuditAsync(context, next, source) : next(context));
    }

    static bool IsAudited(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method)
        && context.Caller().IsEmployee && context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<NotAuditedMark>() is null;

    static async Task AuditAsync(HttpContext context, RequestDelegate next, NpgsqlDataSource source)
    {
        var entryId = Guid.CreateVersion7();
        await BeginAsync(entryId, context, source);
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        catch (ProblemException refused)
        {
            status = (int)refused.Problem.Kind;
            throw;
        }
        finally
        {
            await using var end = source.CreateCommand("update audit set status = $2 where entry_id = $1");
            end.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = entryId });
            end.Parameters.Add(new NpgsqlParameter<int> { TypedValue = status });
            await end.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    static async Task BeginAsync(Guid entryId, HttpContext context, NpgsqlDataSource source)
    {
        var caller = context.Caller();
        await using var begin = source.CreateCommand(
            "insert into audit (entry_id, employee_id, role, method, path, action, body, correlation_id, trace_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        begin.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = entryId });
        begin.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        begin.Parameters.Add(new NpgsqlParameter<string> { TypedValue = caller.IsAdmin ? Roles.Admin : Roles.Employee });
        begin.Parameters.Add(new NpgsqlParameter<string> { TypedValue = context.Request.Method });
        begin.Parameters.Add(new NpgsqlParameter<string> { TypedValue = context.Request.Path.Value ?? "" });
        begin.Parameters.Add(Text(context.GetEndpoint()!.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName));
        begin.Parameters.Add(Text(await AuditedBody.ReadAsync(context.Request, context.RequestAborted)));
        begin.Parameters.Add(Text(Correlation.Current));
        begin.Parameters.Add(Text(Activity.Current?.TraceId.ToHexString()));
        await begin.ExecuteNonQueryAsync(context.RequestAborted);
    }

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
