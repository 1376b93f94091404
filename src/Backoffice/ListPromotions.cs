using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/promotions</c></summary>
static class ListPromotions
{
    public static async Task<IResult> Handle(OfficeApi office, int page = 1) => Html.Page<PromotionListView>(new { Found = (await office.PromotionsAsync(page)).OrThrow() });
}
