using Rosa.Platform.Identity;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>/office/login</c>: for employees alone; a customer's password opens nothing here.</summary>
static class SignIn
{
    public static IResult Show(Visit visit, string? next = null) =>
        visit.Caller.IsEmployee ? Next(next) : Html.Page<SignInView>(new { Form = PostedForm.Empty, Next = next });

    public static async Task<IResult> Handle(PostedForm form, Visit visit, OfficeApi office, TimeProvider clock)
    {
        form.Require(visit.Texts["field.needed"], "email", "password");
        if (!form.HasErrors && await RefusalAsync(form, visit, office, clock) is { } why) form.Refuse("email", why);
        form["password"] = "";
        return form.HasErrors ? Html.Page<SignInView>(new { Form = form, Next = form["next"] }, StatusCodes.Status422UnprocessableEntity) : Next(form["next"]);
    }

    static async Task<string?> RefusalAsync(PostedForm form, Visit visit, OfficeApi office, TimeProvider clock)
    {
        var (session, refusal) = await office.LoginAsync(form["email"], form["password"]);
        if (session is null) return visit.Texts.Find($"refused.{refusal!.Code}") ?? refusal.Detail;

        var login = new Login(session.UserId, session.Token, session.RefreshToken, (clock.GetUtcNow() + TimeSpan.FromSeconds(session.ExpiresIn)).ToUnixTimeSeconds(), Name: "");
        visit.SignIn(login);
        var profile = await office.PersonAsync(session.UserId);
        if (profile.Value is { Role: Roles.Employee or Roles.Admin } person)
        {
            visit.SignIn(login with { Name = $"{person.FirstName} {person.LastName}".Trim() });
            return null;
        }
        await office.LogoutAsync(session.RefreshToken);
        visit.SignOut();
        return visit.Texts["login.customer"];
    }

    static SeeOther Next(string? next) => next is not null && next.StartsWith("/office/", StringComparison.Ordinal) && SeeOther.IsOwn(next) ? new(next) : new("/office");
}

/// <summary><c>POST /office/logout</c></summary>
static class SignOut
{
    public static async Task<SeeOther> Handle(Visit visit, OfficeApi office)
    {
        if (visit.Session.Login is { } login) await office.LogoutAsync(login.RefreshToken);
        visit.SignOut();
        return new("/office/login");
    }
}
