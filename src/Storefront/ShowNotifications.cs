using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /account/notifications</c>: what the customer was told.</summary>
static class ShowNotifications
{
    public static async Task<IResult> Handle(ShopApi shop, Visit visit)
    {
        var page = int.TryParse(visit.Context.Request.Query["page"], out var asked) && asked is > 0 and <= 100_000 ? asked : 1;
        return Html.Page<NotificationList>(new { Found = (await shop.NotificationsAsync(page)).OrThrow() });
    }

    public static async Task<IResult> Read(Guid notificationId, ShopApi shop)
    {
        if (await shop.ReadNotificationAsync(notificationId) is { } refusal) throw refusal.ToException();
        return new SeeOther("/account/notifications");
    }
}
