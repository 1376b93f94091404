using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Identity;
using Rosa.Platform.OpenApi;

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

        services.AddSingleton<DeletedUsersFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<DeletedUsersFeed>());
        services.AddSingleton<AnswerPasswordResets>();
        services.AddHostedService(provider => provider.GetRequiredService<AnswerPasswordResets>());

        services.AddSingleton<FirstPeople>();
        services.AddSingleton<ForgetOldSessions>();
        services.AddHostedService<KeyRotation>();
        services.AddHostedService(provider => provider.GetRequiredService<FirstPeople>());
        services.AddHostedService(provider => provider.GetRequiredService<ForgetOldSessions>());
    }

    public static void MapUsers(WebApplication app)
    {
        var users = app.MapGroup("/api/users").WithTags("Users").ProducesProblem(400);
        MapSessions(users);
        MapLinks(users);
        MapAccounts(users);
        MapCommunity(users);
        MapForServices(app);
    }

    static void MapSessions(RouteGroupBuilder users)
    {
        var session = new SessionAnswer(Guid.Parse("0199a3f0-5b1e-7c11-8c3d-2f1f7c9e0a10"), "eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9…", "4kQ2…", ExpiresIn: 900);
        users.MapPost("/register", RegisterEndpoint.Handle).For(Access.Anyone)
            .WithName("Register").WithSummary("Become a customer, and be signed in").ProducesProblem(409).ProducesProblem(503)
            .WithExample(new RegisterRequest("rosa@customer.example", "un-mot-de-passe", "Rosa", "Exemple"), session);
        users.MapPost("/login", LoginEndpoint.Handle).For(Access.Anyone)
            .WithName("Login").WithSummary("Start a session").ProducesProblem(401).ProducesProblem(429).ProducesProblem(503)
            .WithExample(new LoginRequest("rosa@customer.example", "un-mot-de-passe"), session);
        users.MapPost("/refresh", RefreshEndpoint.Handle).For(Access.Anyone).TakesIdempotencyKey(description: RefreshEndpoint.AboutKey, shortest: RefreshEndpoint.ShortestKey)
            .WithName("Refresh").WithSummary("Exchange a refresh token for new tokens; using one twice ends the session").ProducesProblem(401);
        users.MapPost("/logout", LogoutEndpoint.Handle).For(Access.SignedIn)
            .WithName("Logout").WithSummary("End the session of a refresh token").ProducesProblem(401);
    }

    static void MapLinks(RouteGroupBuilder users)
    {
        users.MapPost("/verify-email", VerifyEmailEndpoint.Verify).For(Access.Anyone)
            .WithName("VerifyEmail").WithSummary("Confirm an e-mail address with the token of the link that was mailed there; good once").ProducesProblem(422);
        users.MapPost("/{userId:guid}/verify-email", VerifyEmailEndpoint.AskAgain).For(Access.SignedIn)
            .WithName("AskToVerifyEmail").WithSummary("Have the mail with which one confirms one's own address sent again").ProducesProblem(401).ProducesProblem(404).ProducesProblem(429);
        users.MapPost("/password-reset", RequestPasswordResetEndpoint.Handle).For(Access.Anyone)
            .WithName("RequestPasswordReset").WithSummary("Have a link to choose a new password mailed; the answer is the same whether or not somebody has the e-mail").ProducesProblem(429);
        users.MapPost("/password-reset/confirm", ResetPasswordEndpoint.Handle).For(Access.Anyone)
            .WithName("ResetPassword").WithSummary("Choose a new password with the token of the link, good once and for an hour; ends all sessions").ProducesProblem(422).ProducesProblem(503);
    }

    static void MapAccounts(RouteGroupBuilder users)
    {
        users.MapGet("/{userId:guid}", GetUserEndpoint.Handle).For(Access.SignedIn)
            .WithName("GetUser").WithSummary("An account, for its owner and for employees").ProducesProblem(401).ProducesProblem(404);
        users.MapPut("/{userId:guid}", UpdateUserEndpoint.Handle).For(Access.SignedIn)
            .WithName("UpdateUser").WithSummary("Change one's own account; preferences left out stay as they are").ProducesProblem(401).ProducesProblem(404);
        users.MapPost("/{userId:guid}/password", ChangePasswordEndpoint.Handle).For(Access.SignedIn)
            .WithName("ChangePassword").WithSummary("Change one's own password and end all other sessions")
            .ProducesProblem(401).ProducesProblem(404).ProducesProblem(429).ProducesProblem(503);
        users.MapPut("/{userId:guid}/role", ChangeRoleEndpoint.Handle).For(Access.Admin)
            .WithName("ChangeRole").WithSummary("Make somebody a customer, an employee or an admin; their next refresh carries it")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);
        users.MapDelete("/{userId:guid}", DeleteUserEndpoint.Handle).For(Access.SignedIn)
            .WithName("DeleteUser").WithSummary("Erase one's own account, or as an admin somebody's: sessions end at once, personal data goes everywhere")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);
        users.MapGet("/{userId:guid}/export", ExportUserEndpoint.Handle).For(Access.SignedIn)
            .WithName("ExportUser").WithSummary("All that is held about oneself, from every service, as one JSON file; 503 rather than a file with a part missing")
            .Produces<IReadOnlyDictionary<string, System.Text.Json.JsonElement>>().ProducesProblem(401).ProducesProblem(404).ProducesProblem(503);
    }

    static void MapCommunity(RouteGroupBuilder users)
    {
        users.MapGet("", FindPeopleEndpoint.Handle).For(Access.SignedIn)
            .WithName("FindPeople").WithSummary("People by the beginnings of their names; for employees also by role, or by the whole e-mail")
            .ProducesProblem(401).ProducesProblem(403);
        users.MapGet("/{userId:guid}/profile", GetPublicProfileEndpoint.Handle).For(Access.SignedIn)
            .WithName("GetPublicProfile").WithSummary("What everybody sees of somebody").ProducesProblem(401).ProducesProblem(404);
        users.MapPut("/{userId:guid}/follow", FollowUserEndpoint.Follow).For(Access.SignedIn)
            .WithName("FollowUser").WithSummary("Follow somebody; repeating is harmless").ProducesProblem(401).ProducesProblem(404).ProducesProblem(422);
        users.MapDelete("/{userId:guid}/follow", FollowUserEndpoint.Unfollow).For(Access.SignedIn)
            .WithName("UnfollowUser").WithSummary("Follow somebody no more; repeating is harmless").ProducesProblem(401).ProducesProblem(404).ProducesProblem(422);
        users.MapGet("/{userId:guid}/followers", ListFollowsEndpoint.Followers).For(Access.SignedIn)
            .WithName("ListFollowers").WithSummary("Who follows somebody, the newest first").ProducesProblem(401).ProducesProblem(404);
        users.MapGet("/{userId:guid}/following", ListFollowsEndpoint.Following).For(Access.SignedIn)
            .WithName("ListFollowing").WithSummary("Whom somebody follows, the newest first").ProducesProblem(401).ProducesProblem(404);
    }

    static void MapForServices(WebApplication app)
    {
        app.MapGet("/.well-known/jwks.json", PublishedKeys).For(Access.Anyone)
            .WithName("PublishedKeys").WithSummary("The public keys that access tokens are checked with (RFC 7517)").WithTags("Users");
        app.MapPost("/internal/service-tokens", IssueServiceTokenEndpoint.Handle).For(Access.Anyone).ExcludeFromDescription();
        app.MapGet(DeletedUsers.Route, DeletedUsersFeed.Handle).For(Access.Service).ExcludeFromDescription();
        app.MapPost("/internal/users/{userId:guid}/one-time-tokens", OneTimeLinks.Issue).For(Access.Service).ExcludeFromDescription();
    }

    static async Task<Ok<JsonWebKeySet>> PublishedKeys(SigningKeys keys, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Ok(await keys.PublishedAsync(cancellationToken));
    }
}
