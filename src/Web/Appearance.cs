using Microsoft.AspNetCore.Http;

namespace Rosa.Web;

/// <summary><c>POST /appearance</c>: light, dark, or as the system has it.</summary>
public static class Appearance
{
    const string Cookie = "rosa-look";

    internal static readonly CookieOptions OfAYear = new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) };

    public static string Of(HttpRequest request) => request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie]! : "auto";

    public static SeeOther Choose(PostedForm form, HttpContext context)
    {
        var look = form["look"] is "light" or "dark" or "auto" ? form["look"] : "auto";
        context.Response.Cookies.Append(Cookie, look, OfAYear);
        return SeeOther.Own(form["back"]);
    }
}
