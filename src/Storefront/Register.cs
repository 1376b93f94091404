using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET</c> and <c>POST /register</c></summary>
static class Register
{
    public static IResult Show(Visit visit) =>
        visit.Login is not null ? new SeeOther("/account") : Html.Page<RegisterView>(new { Form = new PostedForm { ["next"] = visit.Context.Request.Query["next"].ToString() } });

    public static async Task<IResult> Handle(PostedForm form, ShopApi shop, Visit visit, TimeProvider clock)
    {
        form.Require(visit.Texts["field.missing"], "firstName", "lastName", "email", "password");
        if (!form.HasErrors)
        {
            var answer = await shop.RegisterAsync(new RegisterWish(form["email"], form["password"], form["firstName"], form["lastName"]));
            if (answer.Value is { } session)
            {
                await SessionStart.BeginAsync(session, shop, visit, clock);
                return SeeOther.Own(form["next"]);
            }
            if (answer.Refusal!.Status >= 500) throw answer.Refusal.ToException();
            if (answer.Refusal.Code == "EMAIL_TAKEN") form.Refuse("email", visit.Texts["refused.EMAIL_TAKEN"]);
            else form.Refuse(answer.Refusal, visit.Texts);
        }
        return Html.Page<RegisterView>(new { Form = form }, StatusCodes.Status422UnprocessableEntity);
    }
}
