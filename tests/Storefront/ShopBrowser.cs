using System.Net;
using System.Text.RegularExpressions;
using Rosa.Testing;

namespace Rosa.Storefront.Tests;

/// <summary>One shop for all tests that come to it over HTTP.</summary>
public sealed class ShopFixture : IAsyncLifetime
{
    public RunningShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await RunningShop.StartAsync();

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}

[CollectionDefinition(nameof(ShopCollection))]
public sealed class ShopCollection : ICollectionFixture<ShopFixture>;

/// <summary>A browser without a screen: it keeps cookies, fills in the forms of the page that it is on, and follows nothing by itself.</summary>
public sealed partial class ShopBrowser : IDisposable
{
    readonly HttpClient http;

    public ShopBrowser(RunningShop shop, string language = "fr")
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = shop.Storefront };
        http.DefaultRequestHeaders.Add("Accept-Language", language);
    }

    public CookieContainer Cookies { get; } = new();

    public string Page { get; private set; } = "";

    public async Task<HttpResponseMessage> GetAsync(string path)
    {
        var answer = await http.GetAsync(path);
        Page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    /// <summary>Sends a form with the token of the page, and what it holds by itself where nothing is said.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] typed)
    {
        var answer = await SendAsync(path, Form(typed));
        Page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    public Task<HttpResponseMessage> SendAsync(string path, IEnumerable<KeyValuePair<string, string>> form) => http.PostAsync(path, new FormUrlEncodedContent(form));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => http.SendAsync(request);

    public Dictionary<string, string> Form(params (string Name, string Value)[] typed)
    {
        var form = new Dictionary<string, string> { ["_csrf"] = Hidden("_csrf") };
        foreach (var (name, value) in typed) form[name] = value;
        return form;
    }

    public string Hidden(string name) => Regex.Match(Page, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;

    public string Value(string name) => Regex.Match(Page, $"name=\"{name}\"[^>]*? value=\"([^\"]*)\"").Groups[1].Value;

    /// <summary>Addresses of the products on the page.</summary>
    public IReadOnlyList<string> Products() => [.. ProductLinks().Matches(Page).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>A new customer with a product in the cart, at the checkout.</summary>
    public async Task GoToCheckoutAsync(int products = 1)
    {
        await GetAsync("/register");
        var email = $"{Guid.CreateVersion7():n}@rosa.example";
        var registered = await PostAsync("/register", ("firstName", "Zoé"), ("lastName", "Martin"), ("email", email), ("password", "une phrase bien longue 42"));
        Assert.Equal(HttpStatusCode.SeeOther, registered.StatusCode);
        await GetAsync("/search?inStock=true&sort=-price");
        foreach (var product in Products().Take(products).ToList())
        {
            await GetAsync(product);
            Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync("/cart/items", ("productId", Hidden("productId")), ("quantity", "1"))).StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/checkout")).StatusCode);
    }

    /// <summary>The checkout's form, filled in.</summary>
    public Dictionary<string, string> Order(string card = "tok_visa", string promo = "") => Form(
        ("key", Hidden("key")), ("items", Hidden("items")), ("total", Hidden("total")), ("name", "Zoé Martin"), ("line1", "12 rue des Lilas"), ("line2", ""),
        ("postalCode", "75011"), ("city", "Paris"), ("country", "FR"), ("card", card), ("promo", promo), ("do", "pay"));

    public async Task<int> OrdersAsync()
    {
        await GetAsync("/orders");
        return OrderLinks().Count(Page);
    }

    [GeneratedRegex("class=\"card-link\" href=\"([^\"]+)\"")]
    private static partial Regex ProductLinks();

    [GeneratedRegex("class=\"order-link\"")]
    private static partial Regex OrderLinks();

    public void Dispose() => http.Dispose();
}
