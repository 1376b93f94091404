using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET</c> and <c>POST /login</c></summary>
static class SignIn
{
    public static IResult Show(Visit visit)
    {
        var query = visit.Context.Request.Query;
        if (visit.Login is not null) return SeeOther.Own(query["next"]);
        return Html.Page<SignInView>(new { Form = new PostedForm { ["next"] = query["next"].ToString() }, Done = query["done"].ToString() });
    }

    public static async Task<IResult> Handle(PostedForm form, ShopApi shop, Visit visit, TimeProvider clock)
    {
        form.Require(visit.Texts["field.missing"], "email", "password");
        if (!form.HasErrors)
        {
            var answer = await shop.LoginAsync(form["email"], form["password"]);
            if (answer.Value is { } session)
            {
                await SessionStart.BeginAsync(session, shop, visit, clock);
                return SeeOther.Own(form["next"]);
            }
            if (answer.Refusal!.Status >= 500) throw answer.Refusal.ToException();
            form.Refuse(answer.Refusal, visit.Texts);
        }
        return Html.Page<SignInView>(new { Form = form }, StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>What follows a login or a registration.</summary>
static class SessionStart
{
    /// <summary>The browser gets a new secret for its forms, and the guest's cart becomes the customer's.</summary>
    public static async Task BeginAsync(SessionAnswer answer, ShopApi shop, Visit visit, TimeProvider clock)
    {
        var endsAt = (clock.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn)).ToUnixTimeSeconds();
        var login = new Login(answer.UserId, answer.Token, answer.RefreshToken, endsAt, Name: "");
        visit.Change(session => session with { FormSecret = null });
        visit.SignIn(login);

        var asking = shop.CartAsync();   // the call that carries both makes one cart of the two
        var profile = (await shop.ProfileAsync(answer.UserId)).Value;
        await asking;
        visit.SignIn(login with { Name = profile?.FirstName ?? "" });
    }
}
