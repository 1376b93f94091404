using Microsoft.AspNetCore.Builder;

namespace Rosa.Platform.Hosting;

/// <summary>
/// What a service does with a request before anything of the shared pipeline but correlation and measuring: registered by the
/// gateway, whose limit and cache stand in front of routing and access. It answers its own refusals.
/// </summary>
public sealed record EarlyMiddleware(Action<WebApplication> Use);
