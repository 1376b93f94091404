using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rosa.Testing;

namespace Rosa.Backoffice.Tests;

/// <summary>One shop for all tests, and what customers and programs do with it.</summary>
public sealed class OfficeFixture : IAsyncLifetime
{
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public RunningShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await RunningShop.StartAsync();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Shop.DisposeAsync();
    }

    /// <summary>Somebody who works here, at the desk.</summary>
    public async Task<OfficeBrowser> AtWorkAsync(string role = "employee", string language = "fr")
    {
        var browser = new OfficeBrowser(Shop, language);
        var (email, password) = Shop.Login(role);
        await browser.GetAsync("/office/login");
        var entered = await browser.PostAsync("/office/login", ("email", email), ("password", password));
        Assert.Equal("/office", entered.Headers.Location?.ToString());
        return browser;
    }

    /// <summary>Asks the gateway, like any client.</summary>
    public async Task<(int Status, JsonElement Body)> AskAsync(HttpMethod method, string path, string? token = null, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Shop.Gateway, path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text is ['{', ..] or ['[', ..] ? JsonDocument.Parse(text).RootElement : default);
    }

    public async Task<string> TokenAsync(string role)
    {
        var (email, password) = Shop.Login(role);
        return (await AskAsync(HttpMethod.Post, "/api/users/login", null, new { email, password })).Body.GetProperty("token").GetString()!;
    }

    public async Task<(Guid UserId, string Token)> NewCustomerAsync(string firstName = "Zoé")
    {
        var (_, body) = await AskAsync(HttpMethod.Post, "/api/users/register", null, new { email = $"{Guid.CreateVersion7():n}@rosa.example", password = "une phrase bien longue 42", firstName, lastName = "Martin" });
        return (body.GetProperty("userId").GetGuid(), body.GetProperty("token").GetString()!);
    }

    /// <summary>A customer buys over HTTP.</summary>
    public async Task<Guid> BuyAsync(Guid productId, string? token = null)
    {
        token ??= (await NewCustomerAsync()).Token;
        var (status, body) = await AskAsync(HttpMethod.Post, "/api/orders", token, new
        {
            items = new[] { new { productId, quantity = 1 } },
            shippingAddress = new { name = "Zoé Martin", line1 = "12 rue des Lilas", postalCode = "75011", city = "Paris", country = "FR" },
            payment = new { method = "card", cardToken = "tok_visa" },
        });
        Assert.Equal((201, "CONFIRMED"), (status, body.GetProperty("status").GetString()));
        return body.GetProperty("orderId").GetGuid();
    }

    /// <summary>A new product for sale, made over HTTP.</summary>
    public async Task<Guid> NewProductAsync(decimal price = 20, int quantity = 10)
    {
        var (status, body) = await AskAsync(HttpMethod.Post, "/api/products", await TokenAsync("employee"),
            new { title = $"Corde à mâcher {Guid.NewGuid():n}", description = "Un jouet solide.", price, category = "dog-toys", quantity });
        Assert.Equal(201, status);
        return body.GetProperty("productId").GetGuid();
    }

    public async Task<JsonElement> SheetAsync(Guid productId) => (await AskAsync(HttpMethod.Get, $"/api/products/{productId}/sheet", await TokenAsync("employee"))).Body;

    public async Task<string> StatusAsync(Guid orderId) => (await AskAsync(HttpMethod.Get, $"/api/orders/{orderId}", await TokenAsync("employee"))).Body.GetProperty("status").GetString()!;
}

[CollectionDefinition(nameof(OfficeCollection))]
public sealed class OfficeCollection : ICollectionFixture<OfficeFixture>;

/// <summary>A browser without a screen: it keeps cookies, sends forms with the token of the page that it is on, and follows nothing by itself.</summary>
public sealed class OfficeBrowser : IDisposable
{
    readonly HttpClient http;

    public OfficeBrowser(RunningShop shop, string language = "fr", string? bearer = null)
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = shop.Backoffice };
        http.DefaultRequestHeaders.Add("Accept-Language", language);
        if (bearer is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
    }

    public CookieContainer Cookies { get; } = new();

    string source = "";

    /// <summary>The page as people read it.</summary>
    public string Page => WebUtility.HtmlDecode(source);

    public async Task<HttpResponseMessage> GetAsync(string path)
    {
        var answer = await http.GetAsync(path);
        source = await answer.Content.ReadAsStringAsync();
        return answer;
    }

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] typed) =>
        PostAsync(path, new FormUrlEncodedContent([new("_csrf", Hidden("_csrf")), .. typed.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]));

    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent form)
    {
        var answer = await http.PostAsync(path, form);
        var page = await answer.Content.ReadAsStringAsync();
        if (page.Length > 0) source = page;
        return answer;
    }

    /// <summary>A form with a file in it.</summary>
    public MultipartFormDataContent Upload(string field, byte[] content, string fileName, params (string Name, string Value)[] typed)
    {
        var form = new MultipartFormDataContent { { new StringContent(Hidden("_csrf")), "_csrf" } };
        foreach (var (name, value) in typed) form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent(content), field, fileName);
        return form;
    }

    public string Hidden(string name) => WebUtility.HtmlDecode(Regex.Match(source, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);

    public string Value(string name) => WebUtility.HtmlDecode(Regex.Match(source, $"name=\"{name}\"[^>]*? value=\"([^\"]*)\"").Groups[1].Value);

    public void Dispose() => http.Dispose();
}
