using System.Globalization;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>What customers change about themselves: profile and preferences, password, the mail that shows that an address is theirs, all of their data, and the end.</summary>
static class ChangeAccount
{
    public static async Task<IResult> Profile(PostedForm form, ShopApi shop, Visit visit)
    {
        form.Require(visit.Texts["field.missing"], "firstName", "lastName");
        if (!form.HasErrors)
        {
            var preferences = new Preferences(form["animalType"] is { Length: > 0 } animal ? animal : null, form.IsTicked("notificationsEnabled"));
            var language = form["language"] == Languages.English ? Languages.English : Languages.French;
            var answer = await shop.ChangeProfileAsync(visit.Caller.UserId!.Value, new ProfileWish(form["firstName"], form["lastName"], form["phone"], language, preferences));
            if (answer.Refusal is { } refusal) form.Refuse(refusal, visit.Texts);
            else visit.Change(session => session with { Login = session.Login is { } login ? login with { Name = answer.Value!.FirstName } : null });
        }
        return form.HasErrors ? await ShowAccount.PageAsync(form, "profile", shop, visit) : new SeeOther("/account?done=profile");
    }

    public static async Task<IResult> Password(PostedForm form, ShopApi shop, Visit visit)
    {
        form.Require(visit.Texts["field.missing"], "currentPassword", "newPassword");
        if (!form.HasErrors && await shop.ChangePasswordAsync(visit.Caller.UserId!.Value, form["currentPassword"], form["newPassword"]) is { } refusal)
        {
            if (refusal.Code == "BAD_CREDENTIALS") form.Refuse("currentPassword", visit.Texts["account.password.wrong"]);
            else form.Refuse(refusal, visit.Texts);
        }
        return form.HasErrors ? await ShowAccount.PageAsync(form, "password", shop, visit) : new SeeOther("/account?done=password");
    }

    public static async Task<IResult> AskVerification(PostedForm form, ShopApi shop, Visit visit)
    {
        if (await shop.AskVerificationAsync(visit.Caller.UserId!.Value) is not { } refusal) return new SeeOther("/account?done=verification");
        form.Refuse(refusal, visit.Texts);
        return await ShowAccount.PageAsync(form, "verification", shop, visit);
    }

    public static async Task<IResult> Export(ShopApi shop, Visit visit, TimeProvider clock)
    {
        using var response = await shop.ExportAsync(visit.Caller.UserId!.Value);
        if (!response.IsSuccessStatusCode) throw (await Refusal.ReadAsync(response)).ToException();
        visit.Context.Response.Headers.CacheControl = "private, no-store";
        var day = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return TypedResults.File(await response.Content.ReadAsByteArrayAsync(), "application/json", $"rosa-{day}.json");
    }

    public static async Task<IResult> Delete(PostedForm form, ShopApi shop, Visit visit)
    {
        if (!form.IsTicked("sure")) form.Refuse("sure", visit.Texts["account.delete.sure.missing"]);
        else if (await shop.DeleteUserAsync(visit.Caller.UserId!.Value) is { } refusal) form.Refuse(refusal, visit.Texts);
        if (form.HasErrors) return await ShowAccount.PageAsync(form, "delete", shop, visit);
        visit.SignOut();
        return new SeeOther("/login?done=deleted");
    }
}
