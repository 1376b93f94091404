using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>/reset</c> asks for a mail; <c>/account/reset-password?token=</c> is where its link leads.</summary>
static class ResetPassword
{
    public static IResult Show(Visit visit) => Html.Page<ResetView>(new { Form = PostedForm.Empty, Sent = visit.Context.Request.Query.ContainsKey("sent") });

    public static async Task<IResult> Ask(PostedForm form, ShopApi shop, Visit visit)
    {
        form.Require(visit.Texts["field.missing"], "email");
        if (!form.HasErrors && await shop.AskResetAsync(form["email"]) is { } refusal) form.Refuse(refusal, visit.Texts);
        return form.HasErrors ? Html.Page<ResetView>(new { Form = form, Sent = false }, StatusCodes.Status422UnprocessableEntity) : new SeeOther("/reset?sent=yes");
    }

    public static IResult ShowLink(Visit visit) => Html.Page<ResetLinkView>(new { Form = new PostedForm { ["token"] = visit.Context.Request.Query["token"].ToString() } });

    public static async Task<IResult> Confirm(PostedForm form, ShopApi shop, Visit visit)
    {
        form.Require(visit.Texts["field.missing"], "newPassword");
        if (!form.HasErrors && await shop.ResetPasswordAsync(form["token"], form["newPassword"]) is { } refusal) form.Refuse(refusal, visit.Texts);
        return form.HasErrors ? Html.Page<ResetLinkView>(new { Form = form }, StatusCodes.Status422UnprocessableEntity) : new SeeOther("/login?done=reset");
    }
}
