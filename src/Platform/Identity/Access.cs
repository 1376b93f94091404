using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Grpc;
using Rosa.Platform.Problems;

namespace Rosa.Platform.Identity;

/// <summary>Who may call an endpoint. Every endpoint says it; one that does not is closed to all.</summary>
public enum Access
{
    /// <summary>With or without a token.</summary>
    Anyone,
    /// <summary>Any person with a token.</summary>
    SignedIn,
    /// <summary>Employees and admins.</summary>
    Employee,
    Admin,
    /// <summary>Another service of the shop.</summary>
    Service,
    /// <summary>Another service, or an employee.</summary>
    ServiceOrEmployee,
}

public static class AccessRules
{
    sealed record Rule(Access Access);

    /// <summary>Says who may call: <c>group.MapPost(…).For(Access.Employee)</c>. On a group it holds for all of it; the nearest rule wins.</summary>
    public static TBuilder For<TBuilder>(this TBuilder builder, Access access) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Rule(access));

    /// <summary>The rule of an endpoint, or null when it has none.</summary>
    public static Access? AccessOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Rule>()?.Access;

    /// <summary>The rule that this metadata of an endpoint holds: the nearest is the last.</summary>
    public static Access? AccessOf(IEnumerable<object> metadata) => metadata.OfType<Rule>().LastOrDefault()?.Access;

    /// <summary>Reads the caller's token, and turns away who may not call the endpoint that was routed to.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var tokens = app.Services.GetRequiredService<TokenReader>();
        app.Use((context, next) =>
        {
            var authorization = context.Request.Headers.Authorization;
            if (authorization.Count == 0 && context.GetEndpoint() is { } endpoint && AccessOf(endpoint) == Access.Anyone) return next(context);
            return CheckAsync(context, next, tokens);
        });
    }

    static async Task CheckAsync(HttpContext context, RequestDelegate next, TokenReader tokens)
    {
        const string bearer = "Bearer ";
        var authorization = context.Request.Headers.Authorization.ToString();
        // Routing answers 405 and 415 by endpoints of its own making, which do nothing else.
        var rule = context.GetEndpoint() is RouteEndpoint endpoint ? AccessOf(endpoint) : Access.Anyone;
        try
        {
            if (authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)
                && await tokens.ReadAsync(authorization[bearer.Length..].Trim(), context.RequestAborted) is { } known)
            {
                context.SetCaller(known);
            }
        }
        catch (HttpRequestException) when (rule == Access.Anyone)
        {
            // Users is down and its key unknown: what is open to all stays open, as to a guest.
        }

        if (Refusal(rule, context.Caller()) is { } problem)
        {
            await RefuseAsync(context, problem);
            return;
        }
        await next(context);
    }

    /// <summary>Why this caller may not pass this rule, or null when they may.</summary>
    public static Problem? Refusal(Access? rule, Caller caller) => rule switch
    {
        Access.Anyone => null,
        Access.SignedIn => caller.IsSignedIn ? null : NotSignedIn,
        Access.Employee => caller.IsEmployee ? null : caller.IsSignedIn ? NotAllowed : NotSignedIn,
        Access.Admin => caller.IsAdmin ? null : caller.IsSignedIn ? NotAllowed : NotSignedIn,
        Access.Service => caller.IsService ? null : caller.IsSignedIn ? NotAllowed : NotSignedIn,
        Access.ServiceOrEmployee => caller.IsService || caller.IsEmployee ? null : caller.IsSignedIn ? NotAllowed : NotSignedIn,
        _ => NotAllowed,
    };

    static readonly Problem NotSignedIn = new(ProblemKind.Unauthenticated, "UNAUTHENTICATED", "Send a valid access token: Authorization: Bearer …");
    static readonly Problem NotAllowed = new(ProblemKind.Forbidden, "FORBIDDEN", "This is not open to you.");

    static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (GrpcResponses.IsGrpcRequest(context))
        {
            var status = problem.Kind == ProblemKind.Unauthenticated ? GrpcStatusCode.Unauthenticated : GrpcStatusCode.PermissionDenied;
            return GrpcResponses.WriteStatusAsync(context, status, problem.Detail);
        }
        if (problem.Kind == ProblemKind.Unauthenticated) context.Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemMiddleware.WriteAsync(context, problem.ToDetails());
    }
}
