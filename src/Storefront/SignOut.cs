using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>POST /logout</c>: here at once, whether or not the shop can be told.</summary>
static class SignOut
{
    public static async Task<IResult> Handle(ShopApi shop, Visit visit)
    {
        if (visit.Session.Login is { } login) await shop.LogoutAsync(login.RefreshToken);
        visit.SignOut();
        return new SeeOther("/");
    }
}
