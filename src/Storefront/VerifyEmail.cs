using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>/account/verify-email?token=</c>: where the link of the mail leads. A button uses the link, so that a program that looks at mails does not.</summary>
static class VerifyEmail
{
    public static IResult Show(Visit visit) => Html.Page<VerifyEmailView>(new { Form = new PostedForm { ["token"] = visit.Context.Request.Query["token"].ToString() }, Done = visit.Context.Request.Query.ContainsKey("done") });

    public static async Task<IResult> Confirm(PostedForm form, ShopApi shop, Visit visit)
    {
        if (await shop.VerifyEmailAsync(form["token"]) is not { } refusal) return new SeeOther("/account/verify-email?done=yes");
        form.Refuse("", visit.Texts.Find($"refused.{refusal.Code}") ?? visit.Texts["refused.LINK_NOT_GOOD"]);
        return Html.Page<VerifyEmailView>(new { Form = form, Done = false }, StatusCodes.Status422UnprocessableEntity);
    }
}
