using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Identity;

namespace Rosa.Users;

/// <summary>All that Users is made of.</summary>
public static class UsersService
{
    public static void AddUsers(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<UsersOptions>().BindConfiguration("Users").ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<ClientAddress>();
        services.AddSingleton<Sessions>();

        // Users asks nobody for keys or for its own token: both come from its own database.
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<ITokenKeys>(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<IServiceTokenSource>(provider => provider.GetRequiredService<TokenIssuer>());

        services.AddSingleton<FirstPeople>();
        services.AddSingleton<ForgetOldSessions>();
        services.AddHostedService<KeyRotation>();
        services.AddHostedService(provider => provider.GetRequiredService<FirstPeople>());
        services.AddHostedService(provider => provider.GetRequiredService<ForgetOldSessions>());
    }

    public static void MapUsers(WebApplication app)
    {
        var users = app.MapGroup("/api/users").WithTags("Users").ProducesProblem(400);

        users.MapPost("/register", RegisterEndpoint.Handle).For(Access.Anyone)
            .WithName("Register").WithSummary("Become a customer, and be signed in").ProducesProblem(409).ProducesProblem(503);
        users.MapPost("/login", LoginEndpoint.Handle).For(Access.Anyone)
            .WithName("Login").WithSummary("Start a session").ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);
        users.MapPost("/refresh", RefreshEndpoint.Handle).For(Access.Anyone)
            .WithName("Refresh").WithSummary("Exchange a refresh token for new tokens; using one twice ends the session").ProducesProblem(401);
        users.MapPost("/logout", LogoutEndpoint.Handle).For(Access.SignedIn)
            .WithName("Logout").WithSummary("End the session of a refresh token").ProducesProblem(401);

        users.MapGet("/{userId:guid}", GetUserEndpoint.Handle).For(Access.SignedIn)
            .WithName("GetUser").WithSummary("A profile, for its owner and for employees").ProducesProblem(401).ProducesProblem(404);
        users.MapPut("/{userId:guid}", UpdateUserEndpoint.Handle).For(Access.SignedIn)
            .WithName("UpdateUser").WithSummary("Change one's own profile; preferences left out stay as they are").ProducesProblem(401).ProducesProblem(404);
        users.MapPost("/{userId:guid}/password", ChangePasswordEndpoint.Handle).For(Access.SignedIn)
            .WithName("ChangePassword").WithSummary("Change one's own password and end all other sessions")
            .ProducesProblem(401).ProducesProblem(404).ProducesProblem(429).ProducesProblem(503);
        users.MapPut("/{userId:guid}/role", ChangeRoleEndpoint.Handle).For(Access.Admin)
            .WithName("ChangeRole").WithSummary("Make somebody a customer, an employee or an admin; their next refresh carries it")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);

        app.MapGet("/.well-known/jwks.json", PublishedKeys).For(Access.Anyone)
            .WithName("PublishedKeys").WithSummary("The public keys that access tokens are checked with (RFC 7517)").WithTags("Users");
        app.MapPost("/internal/service-tokens", IssueServiceTokenEndpoint.Handle).For(Access.Anyone).ExcludeFromDescription();
    }

    static async Task<Ok<JsonWebKeySet>> PublishedKeys(SigningKeys keys, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Ok(await keys.PublishedAsync(cancellationToken));
    }
}
