using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Web;

/// <summary>A web application for people, on this kit.</summary>
/// <param name="Assembly">Holds its own <c>Texts.fr.json</c>, <c>Texts.en.json</c> and <c>wwwroot</c>, embedded.</param>
/// <param name="LoginPath">Where a guest is sent who asks for what needs a login.</param>
/// <param name="LargestBody">Bytes that somebody who is signed in may send at once: uploads.</param>
public sealed record Front(Assembly Assembly, string LoginPath = "/login", long LargestBody = 1_000_000);

/// <summary>Registers and maps what every front is made of.</summary>
public static class FrontSetup
{
    public static void AddFront(this WebApplicationBuilder builder, Front front)
    {
        var services = builder.Services;
        services.AddOptions<WebOptions>().BindConfiguration("Web").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<WebOptions>>().Value);
        services.AddSingleton(front);
        services.AddSingleton<Shop>();
        services.AddSingleton<Assets>();
        services.AddSingleton<TextFiles>();
        services.AddSingleton<SessionCookie>();
        if (builder.Configuration["Redis:Address"] is { Length: > 0 }) services.AddSingleton<SharedRenewals>();
        services.AddSingleton<SessionRenewal>();
        services.AddSingleton<Connections>();
        services.AddSingleton<GatewayConnection>();
        services.AddSingleton<Pictures>();
        services.AddSingleton<ProblemPages>();
        services.AddSingleton<FrontEntry>();
        services.AddSingleton<EarlyMiddleware>(new EarlyMiddleware(app =>
        {
            app.UseResponseCompression();
            app.Use(app.Services.GetRequiredService<FrontEntry>().HandleAsync);
        }));
        services.AddHttpContextAccessor();
        services.AddScoped<Visit>();
        services.AddScoped<GatewayClient>();
        services.AddRazorComponents();
        services.AddWebEncoders(encoder => encoder.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));   // é as é
        services.AddDataProtection().UseEphemeralDataProtectionProvider();   // registered with components and not used: sessions have a key of their own
        services.AddResponseCompression(options =>
        {
            // Safe over TLS: the one secret of a page, its form token, is masked anew each time (BREACH).
            options.EnableForHttps = true;
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
            options.MimeTypes = ["text/html", "application/json", "application/xml", "text/plain", "image/svg+xml"];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = System.IO.Compression.CompressionLevel.Optimal);
    }

    /// <summary>The routes that every front has.</summary>
    public static void MapFront(this IEndpointRouteBuilder app)
    {
        app.MapPost("/appearance", Appearance.Choose).For(Access.Anyone).ExcludeFromDescription();
        app.MapGet("/pictures/{pictureId:guid}", Pictures.Handle).For(Access.Anyone).ExcludeFromDescription();
    }
}
