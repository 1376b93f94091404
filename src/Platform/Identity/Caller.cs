using Microsoft.AspNetCore.Http;

namespace Rosa.Platform.Identity;

/// <summary>Who calls, as the token says. A handler takes it as a parameter.</summary>
/// <param name="UserId">Null for a guest and for a service.</param>
/// <param name="Role"><see cref="Roles"/>; null for a guest.</param>
/// <param name="SessionId">The login session of a user.</param>
/// <param name="Service">The calling service's name, when it is one.</param>
public sealed record Caller(Guid? UserId, string? Role, Guid? SessionId, string? Service)
{
    public static readonly Caller Guest = new(null, null, null, null);

    public bool IsSignedIn => UserId is not null;

    /// <summary>Employees may what customers may not; admins may all that employees may.</summary>
    public bool IsEmployee => Role is Roles.Employee or Roles.Admin;

    public bool IsAdmin => Role is Roles.Admin;

    public bool IsService => Service is not null;

    /// <summary>Lets minimal APIs hand the caller to an endpoint.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(context.Caller());
}

public static class Roles
{
    public const string Customer = "customer";
    public const string Employee = "employee";
    public const string Admin = "admin";

    /// <summary>Held by service tokens, never by a person.</summary>
    public const string Service = "service";
}

public static class CallerOfRequest
{
    static readonly object key = new();

    public static Caller Caller(this HttpContext context) => context.Items.TryGetValue(key, out var caller) ? (Caller)caller! : Identity.Caller.Guest;

    internal static void SetCaller(this HttpContext context, Caller caller) => context.Items[key] = caller;
}
