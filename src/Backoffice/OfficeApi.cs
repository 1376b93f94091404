using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Rosa.Web;
using static Rosa.Backoffice.Address;

namespace Rosa.Backoffice;

/// <summary>What the back office asks of the shop, with the employee's own token: who may what is decided there.</summary>
public sealed class OfficeApi(GatewayClient gateway)
{
    const int MostNames = 30;

    static readonly OfficeJson json = OfficeJson.Default;

    // ---- who

    public Task<Answer<SessionAnswer>> LoginAsync(string email, string password) =>
        gateway.SendAsync(HttpMethod.Post, "/api/users/login", new LoginWish(email, password), json.LoginWish, json.SessionAnswer);

    public Task<Refusal?> LogoutAsync(string refreshToken) => gateway.DoAsync(HttpMethod.Post, "/api/users/logout", new LogoutWish(refreshToken), json.LogoutWish);

    public Task<Answer<Profile>> PersonAsync(Guid userId) => gateway.GetAsync($"/api/users/{userId}", json.Profile);

    public Task<Answer<PeoplePage>> PeopleAsync(string? search, string? role, int page, int limit = 25) =>
        gateway.GetAsync(Of("/api/users", ("search", search), ("role", role), ("page", $"{page}"), ("limit", $"{limit}")), json.PeoplePage);

    /// <summary>What the people of a page are called; whose account is gone is left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IEnumerable<Guid?> ids)
    {
        var asked = await Task.WhenAll(ids.OfType<Guid>().Distinct().Take(MostNames).Select(async id => (Id: id, Person: (await PersonAsync(id)).Value)));
        return asked.Where(answer => answer.Person is not null).ToDictionary(answer => answer.Id, answer => answer.Person!.Name);
    }

    public Task<Refusal?> ChangeRoleAsync(Guid userId, string role) => gateway.DoAsync(HttpMethod.Put, $"/api/users/{userId}/role", new RoleWish(role), json.RoleWish);

    public Task<Refusal?> DeletePersonAsync(Guid userId) => gateway.DoAsync(HttpMethod.Delete, $"/api/users/{userId}");

    // ---- orders

    public Task<Answer<OrderSummary>> SummaryAsync(int days) => gateway.GetAsync($"/api/orders/summary?days={days}", json.OrderSummary);

    public Task<Answer<OrderPage>> OrdersAsync(Guid? userId, string? status, int page, int limit = 25) =>
        gateway.GetAsync(Of("/api/orders", ("userId", userId?.ToString()), ("status", status), ("page", $"{page}"), ("limit", $"{limit}")), json.OrderPage);

    public Task<Answer<Order>> OrderAsync(Guid orderId) => gateway.GetAsync($"/api/orders/{orderId}", json.Order);

    public Task<Answer<OrderStory>> StoryAsync(Guid orderId) => gateway.GetAsync($"/api/orders/{orderId}/timeline", json.OrderStory);

    public Task<Answer<PaymentPage>> PaymentsAsync(Guid orderId) => gateway.GetAsync($"/api/payments?orderId={orderId}", json.PaymentPage);

    public Task<Refusal?> ProcessAsync(Guid orderId) => gateway.DoAsync(HttpMethod.Post, $"/api/orders/{orderId}/process");

    public Task<Refusal?> ShipAsync(Guid orderId, string carrier, string trackingNumber) =>
        gateway.DoAsync(HttpMethod.Post, $"/api/orders/{orderId}/ship", new ShipWish(carrier, trackingNumber), json.ShipWish);

    public Task<Refusal?> DeliverAsync(Guid orderId) => gateway.DoAsync(HttpMethod.Post, $"/api/orders/{orderId}/deliver");

    public Task<Answer<CancelledOrder>> CancelAsync(Guid orderId, string reason) =>
        gateway.SendAsync(HttpMethod.Post, $"/api/orders/{orderId}/cancel", new CancelWish(reason), json.CancelWish, json.CancelledOrder);

    public Task<HttpResponseMessage> DocumentAsync(Guid orderId, string document) => gateway.SendAsync(HttpMethod.Get, $"/api/orders/{orderId}/{document}", accept: "text/html");

    // ---- products

    public Task<Answer<ProductPage>> ProductsAsync(string? search, string? category, bool inStock, string? sort, int page, int limit) =>
        gateway.GetAsync(Of("/api/products", ("search", search), ("category", category), ("inStock", inStock ? "true" : null), ("sort", sort), ("page", $"{page}"), ("limit", $"{limit}")), json.ProductPage);

    /// <summary>The sheet, and the tag that a change of it must name.</summary>
    public async Task<(Answer<ProductSheet> Answer, string Tag)> SheetAsync(Guid productId)
    {
        using var response = await gateway.SendAsync(HttpMethod.Get, $"/api/products/{productId}/sheet");
        if (!response.IsSuccessStatusCode) return (new(null, await Refusal.ReadAsync(response)), "");
        return (new(await response.Content.ReadFromJsonAsync(json.ProductSheet), null), response.Headers.ETag?.ToString() ?? "");
    }

    public Task<Answer<CreatedProduct>> CreateProductAsync(NewProduct product) => gateway.SendAsync(HttpMethod.Post, "/api/products", product, json.NewProduct, json.CreatedProduct);

    /// <summary>Refused with 412 when somebody else changed it since it had this tag.</summary>
    public Task<Refusal?> ChangeProductAsync(Guid productId, ProductContent content, string tag) =>
        DoAsync(HttpMethod.Put, $"/api/products/{productId}", JsonContent.Create(content, json.ProductContent), tag);

    public Task<Refusal?> WithdrawAsync(Guid productId, string tag) => DoAsync(HttpMethod.Delete, $"/api/products/{productId}", content: null, tag);

    public async Task<Refusal?> AddImageAsync(Guid productId, IFormFile file)
    {
        using var form = new MultipartFormDataContent();
        using var content = new StreamContent(file.OpenReadStream());
        if (MediaTypeHeaderValue.TryParse(file.ContentType, out var type)) content.Headers.ContentType = type;
        form.Add(content, "file", "picture");
        return await DoAsync(HttpMethod.Post, $"/api/products/{productId}/images", form);
    }

    public Task<Refusal?> OrderImagesAsync(Guid productId, IReadOnlyList<Guid> imageIds) => gateway.DoAsync(HttpMethod.Put, $"/api/products/{productId}/images", new ImageOrder(imageIds), json.ImageOrder);

    public Task<Refusal?> RemoveImageAsync(Guid productId, Guid imageId) => gateway.DoAsync(HttpMethod.Delete, $"/api/products/{productId}/images/{imageId}");

    public Task<Answer<LowStockPage>> LowStockAsync(int page, int limit = 25) => gateway.GetAsync($"/api/products/low-stock?page={page}&limit={limit}", json.LowStockPage);

    public Task<Answer<StockHistory>> StockHistoryAsync(Guid productId, int page) => gateway.GetAsync($"/api/products/{productId}/inventory/history?page={page}&limit=25", json.StockHistory);

    public Task<Answer<StockAnswer>> ChangeStockAsync(Guid productId, int change, string reason) =>
        gateway.SendAsync(HttpMethod.Patch, $"/api/products/{productId}/inventory", new StockWish(change, reason), json.StockWish, json.StockAnswer);

    public Task<Refusal?> SetThresholdAsync(Guid productId, int? lowAt) => gateway.DoAsync(HttpMethod.Put, $"/api/products/{productId}/inventory/threshold", new ThresholdWish(lowAt), json.ThresholdWish);

    public Task<Answer<ImportReport>> ImportAsync(Stream csv)
    {
        var content = new StreamContent(csv);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return gateway.AskAsync(HttpMethod.Post, "/api/products/import", content, json.ImportReport, within: TimeSpan.FromMinutes(5));
    }

    public Task<HttpResponseMessage> ExportAsync() => gateway.SendAsync(HttpMethod.Get, "/api/products/export", accept: "text/csv", within: TimeSpan.FromMinutes(2));

    public Task<Answer<CategoryTree>> CategoriesAsync() => gateway.GetAsync("/api/categories", json.CategoryTree);

    public Task<Answer<Category>> CategoryAsync(string slug) => gateway.GetAsync($"/api/categories/{Segment(slug)}", json.Category);

    public Task<Refusal?> CreateCategoryAsync(NewCategory category) => gateway.DoAsync(HttpMethod.Post, "/api/categories", category, json.NewCategory);

    public Task<Refusal?> ChangeCategoryAsync(string slug, CategoryContent content) => gateway.DoAsync(HttpMethod.Put, $"/api/categories/{Segment(slug)}", content, json.CategoryContent);

    public Task<Refusal?> RemoveCategoryAsync(string slug) => gateway.DoAsync(HttpMethod.Delete, $"/api/categories/{Segment(slug)}");

    public Task<Answer<ReviewPage>> ReviewsAsync(Guid? productId, int? stars, int page) =>
        gateway.GetAsync(Of("/api/products/ratings", ("productId", productId?.ToString()), ("stars", stars?.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("page", $"{page}"), ("limit", "25")), json.ReviewPage);

    public Task<Refusal?> RemoveReviewAsync(Guid productId, Guid userId) => gateway.DoAsync(HttpMethod.Delete, $"/api/products/{productId}/ratings/{userId}");

    // ---- promotions

    public Task<Answer<PromotionPage>> PromotionsAsync(int page) => gateway.GetAsync($"/api/promotions?page={page}&limit=25", json.PromotionPage);

    public Task<Answer<Promotion>> PromotionAsync(string code) => gateway.GetAsync($"/api/promotions/{Segment(code)}", json.Promotion);

    public Task<Refusal?> CreatePromotionAsync(PromotionTerms terms) => gateway.DoAsync(HttpMethod.Post, "/api/promotions", terms, json.PromotionTerms);

    public Task<Refusal?> ChangePromotionAsync(string code, PromotionTerms terms) => gateway.DoAsync(HttpMethod.Put, $"/api/promotions/{Segment(code)}", terms, json.PromotionTerms);

    public Task<Refusal?> WithdrawPromotionAsync(string code) => gateway.DoAsync(HttpMethod.Delete, $"/api/promotions/{Segment(code)}");

    // ---- messages

    public Task<Answer<MessagePage>> MessagesAsync(Guid? userId, Guid? orderId, string? happened, string? channel, string? outcome, int page, int limit = 25) =>
        gateway.GetAsync(Of("/api/notifications/log", ("userId", userId?.ToString()), ("orderId", orderId?.ToString()), ("event", happened), ("channel", channel), ("outcome", outcome),
            ("page", $"{page}"), ("limit", $"{limit}")), json.MessagePage);

    public Task<Refusal?> SendAgainAsync(Guid notificationId) => gateway.DoAsync(HttpMethod.Post, $"/api/notifications/log/{notificationId}/send-again");

    public Task<Answer<TemplatePage>> TemplatesAsync() => gateway.GetAsync("/api/notifications/templates?limit=100", json.TemplatePage);

    public async Task<(Answer<Template> Answer, string Tag)> TemplateAsync(string path)
    {
        using var response = await gateway.SendAsync(HttpMethod.Get, $"/api/notifications/templates/{path}");
        if (!response.IsSuccessStatusCode) return (new(null, await Refusal.ReadAsync(response)), "");
        return (new(await response.Content.ReadFromJsonAsync(json.Template), null), response.Headers.ETag?.ToString() ?? "");
    }

    public Task<Refusal?> ChangeTemplateAsync(string path, TemplateContent content, string tag) =>
        DoAsync(HttpMethod.Put, $"/api/notifications/templates/{path}", JsonContent.Create(content, json.TemplateContent), tag);

    public Task<Refusal?> ResetTemplateAsync(string path) => gateway.DoAsync(HttpMethod.Delete, $"/api/notifications/templates/{path}");

    public Task<Answer<TemplatePreview>> PreviewAsync(string path, TemplateContent content) =>
        gateway.SendAsync(HttpMethod.Post, $"/api/notifications/templates/{path}/preview", content, json.TemplateContent, json.TemplatePreview);

    // ---- control

    public Task<Answer<ReconciliationPage>> FindingsAsync(bool? mended, int page) =>
        gateway.GetAsync(Of("/api/orders/reconciliation", ("mended", mended is { } only ? (only ? "true" : "false") : null), ("page", $"{page}"), ("limit", "25")), json.ReconciliationPage);

    public Task<Refusal?> ReconcileAsync() => gateway.DoAsync(HttpMethod.Post, "/api/orders/reconciliation", new ReconcileWish(null), json.ReconcileWish);

    public Task<Answer<AuditPage>> AuditAsync(Guid? employeeId, int page) =>
        gateway.GetAsync(Of("/api/audit", ("employeeId", employeeId?.ToString()), ("page", $"{page}"), ("limit", "25")), json.AuditPage);

    public Task<Answer<ShopState>> StateAsync() => gateway.GetAsync("/api/operations", json.ShopState);

    public Task<Refusal?> RetryAsync(string service, Guid eventId) => gateway.DoAsync(HttpMethod.Post, $"/api/operations/{Segment(service)}/dead-letters/{eventId}/retry");

    /// <param name="ifMatch">A form that lost its tag matches nothing: it must not overwrite.</param>
    async Task<Refusal?> DoAsync(HttpMethod method, string path, HttpContent? content, string? ifMatch = null)
    {
        using var response = await gateway.SendAsync(method, path, content, within: TimeSpan.FromSeconds(30), ifMatch: ifMatch is "" ? "\"none\"" : ifMatch);
        return response.IsSuccessStatusCode ? null : await Refusal.ReadAsync(response);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(PeoplePage))]
[JsonSerializable(typeof(ProductPage))]
[JsonSerializable(typeof(ProductSheet))]
[JsonSerializable(typeof(CreatedProduct))]
[JsonSerializable(typeof(LowStockPage))]
[JsonSerializable(typeof(StockAnswer))]
[JsonSerializable(typeof(StockHistory))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(CategoryTree))]
[JsonSerializable(typeof(Category))]
[JsonSerializable(typeof(ReviewPage))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(OrderSummary))]
[JsonSerializable(typeof(CancelledOrder))]
[JsonSerializable(typeof(OrderStory))]
[JsonSerializable(typeof(PaymentPage))]
[JsonSerializable(typeof(PromotionPage))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(TemplatePage))]
[JsonSerializable(typeof(TemplatePreview))]
[JsonSerializable(typeof(ReconciliationPage))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ShopState))]
[JsonSerializable(typeof(LoginWish))]
[JsonSerializable(typeof(LogoutWish))]
[JsonSerializable(typeof(RoleWish))]
[JsonSerializable(typeof(ProductContent))]
[JsonSerializable(typeof(NewProduct))]
[JsonSerializable(typeof(StockWish))]
[JsonSerializable(typeof(ThresholdWish))]
[JsonSerializable(typeof(ImageOrder))]
[JsonSerializable(typeof(NewCategory))]
[JsonSerializable(typeof(CategoryContent))]
[JsonSerializable(typeof(ShipWish))]
[JsonSerializable(typeof(CancelWish))]
[JsonSerializable(typeof(PromotionTerms))]
[JsonSerializable(typeof(TemplateContent))]
[JsonSerializable(typeof(ReconcileWish))]
sealed partial class OfficeJson : JsonSerializerContext;
