using Microsoft.AspNetCore.Http;
using Rosa.Platform.Identity;

namespace Rosa.Web;

/// <summary>One request of one person: who, in which language, with which session.</summary>
public sealed class Visit(IHttpContextAccessor accessor, Shop shop, TextFiles texts, Connections connections)
{
    Texts? read;

    public HttpContext Context { get; } = accessor.HttpContext ?? throw new InvalidOperationException("A visit is a request's.");

    public Shop Shop => shop;

    public Caller Caller => Context.Caller();

    public string Language => field ??= Languages.Of(Context.Request);

    public Texts Texts => read ??= texts.In(Language);

    /// <summary><c>light</c>, <c>dark</c> or <c>auto</c>.</summary>
    public string Look => Appearance.Of(Context.Request);

    public string Path => Context.Request.Path.Value ?? "/";

    public string Query => Context.Request.QueryString.Value ?? "";

    public string Origin => connections.Origin(Context);

    public Session Session => Context.Features.Get<SessionOfRequest>()?.Current ?? Session.New;

    /// <summary>The token to call the shop with: the session's, or one that the client sent itself.</summary>
    public string? Token =>
        Context.Request.Headers.Authorization.ToString() is { Length: > 7 } sent && sent.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? sent[7..].Trim() : null;

    /// <summary>How the person who signed in is called; null for a guest.</summary>
    public Login? Login => Caller.IsSignedIn ? Session.Login : null;

    /// <summary>The token for a form of this page; a browser that has no secret yet is given one.</summary>
    public string FormToken => CsrfToken.For(this);

    /// <summary>Changes the session; it is sent with this answer.</summary>
    public void Change(Func<Session, Session> change)
    {
        var held = Context.Features.Get<SessionOfRequest>() ?? throw new InvalidOperationException("This request has no session.");
        held.Current = change(held.Current);
    }

    /// <summary>Starts a login: from the next request on the person is known, and so for calls in this one.</summary>
    public void SignIn(Login login)
    {
        Change(session => session with { Login = login });
        Context.Request.Headers.Authorization = $"Bearer {login.Token}";
    }

    /// <summary>Forgets everything about the person, and the tokens of forms that they had open.</summary>
    public void SignOut()
    {
        Change(_ => Session.New);
        Context.Request.Headers.Authorization = default;
    }
}

/// <summary>The session while a request is answered.</summary>
sealed class SessionOfRequest(Session sent)
{
    Session? changed;

    public Session Current
    {
        get => changed ?? sent;
        set => changed = value;
    }

    public bool HasChanged => changed is not null;
}
