using System.Globalization;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/reviews</c>, <c>POST /office/reviews/remove</c></summary>
static class ListReviews
{
    public static async Task<IResult> Handle(OfficeApi office, Guid? product = null, string? stars = null, int page = 1)
    {
        int? only = int.TryParse(stars, CultureInfo.InvariantCulture, out var number) ? number : null;
        var found = (await office.ReviewsAsync(product, only, page)).OrThrow();
        var names = await office.NamesAsync(found.Ratings.Select(review => (Guid?)review.UserId));
        return Html.Page<ReviewListView>(new { Found = found, Names = names, Product = product, Stars = only });
    }

    public static async Task<IResult> Remove(PostedForm form, OfficeApi office)
    {
        if (form.Id("product") is not { } productId || form.Id("user") is not { } userId) throw new Rosa.Platform.Problems.ProblemException(Rosa.Platform.Problems.Problem.NotFound("review"));
        if (await office.RemoveReviewAsync(productId, userId) is { Status: not 404 } refusal) throw refusal.ToException();
        return new SeeOther("/office/reviews?done=review-removed");
    }
}
