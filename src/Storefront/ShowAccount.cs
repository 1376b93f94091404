using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /account</c></summary>
static class ShowAccount
{
    public static Task<IResult> Handle(ShopApi shop, Visit visit) => PageAsync(new PostedForm(), "", shop, visit);

    /// <param name="section">Which of the page's forms <paramref name="form"/> is.</param>
    public static async Task<IResult> PageAsync(PostedForm form, string section, ShopApi shop, Visit visit)
    {
        var profile = (await shop.ProfileAsync(visit.Caller.UserId!.Value)).OrThrow();
        return Html.Page<AccountView>(
            new { Profile = profile, Form = form, Section = section, Done = visit.Context.Request.Query["done"].ToString() },
            form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
