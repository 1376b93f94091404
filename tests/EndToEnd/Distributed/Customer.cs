using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Rosa.EndToEnd.Tests.Distributed;

/// <summary>
/// Somebody whose every word is recognised, and who does all that a customer can do that might leave one behind: in the shop's pages and at its API, rightly and wrongly.
/// </summary>
sealed partial class Customer(DistributedShop distributed) : IDisposable
{
    const string Email = "quendelbrot.7391@people.example", FirstName = "Xanthippe", LastName = "Quendelbrot-Vögele", NewLastName = "Morgenrot-Zischke", Phone = "+33698765123";
    const string Line1 = "17 rue du Chat-qui-Pêche", Line2 = "Escalier Turlututu", PostalCode = "QX9-7ZZ", City = "Vaucresson-les-Essais";
    const string Password = "Zirkonium-Lampe-4711", WrongPassword = "Falscher-Zirkus-0815", NewPassword = "Neues-Wolframlicht-99", CardToken = "tok_recognisable_5e81c", GoodCardToken = "tok_visa";
    const string Wish = "Geheimwunsch-Hamsterrad", Comment = "Hannibal mag das sehr", Reason = "weil Tante Kunigunde es so will", Mistyped = "kein-pfad-7391@people.example";

    readonly RunningShop shop = distributed.Shop;
    readonly Visitor visitor = new(distributed.Shop.Storefront);
    readonly HttpClient http = new() { BaseAddress = distributed.Shop.Gateway, Timeout = TimeSpan.FromSeconds(60) };
    readonly HashSet<string> secrets = [];

    /// <summary>What must not be found anywhere: words of theirs, and what the shop gave them to prove who they are.</summary>
    public IReadOnlyCollection<string> Secrets =>
    [
        .. secrets, "quendelbrot", FirstName, "Vögele", "Zischke", Phone[1..], Phone[3..], "Chat-qui", "Turlututu", PostalCode, "Vaucresson", Password, WrongPassword, NewPassword, CardToken, GoodCardToken,
        "Geheimwunsch", "Hannibal", "Kunigunde", "kein-pfad",
    ];

    public async Task DoEverythingAsync(Guid product, string promoCode)
    {
        await JoinAsync();
        await BuyAsync(product, promoCode);
        await ChangeAccountAsync(product);
        await ForgetPasswordAsync();
        await UseTheApiAsync(product);
        await AreLookedUpAsync();
        secrets.UnionWith(visitor.Cookies.Where(cookie => cookie.Length > 20));
    }

    async Task JoinAsync()
    {
        await visitor.OpenAsync("/register");
        await visitor.PostAsync("/register", ("firstName", FirstName), ("lastName", LastName), ("email", Email), ("password", Password));
        await visitor.OpenAsync($"/account/verify-email?token={await LinkAsync("verify-email")}");
        await visitor.PostAsync("/account/verify-email", ("token", visitor.Field("token")));

        using var other = new Visitor(shop.Storefront);
        await other.OpenAsync($"/login?email={Uri.EscapeDataString(Email)}");
        Assert.Null(await other.PostAsync("/login", ("email", Email), ("password", WrongPassword)));
        await other.OpenAsync("/register");
        Assert.Null(await other.PostAsync("/register", ("firstName", FirstName), ("lastName", LastName), ("email", Email), ("password", Password)));
    }

    async Task BuyAsync(Guid product, string promoCode)
    {
        await visitor.OpenAsync($"/search?q={Wish}");
        await visitor.OpenAsync($"/suggestions?q={Wish}");
        await visitor.OpenAsync($"/p/{product}");
        await visitor.PostAsync("/cart/items", ("productId", $"{product}"), ("quantity", "1"));
        await visitor.OpenAsync("/checkout");
        Assert.Null(await PayAsync(CardToken, promoCode));
        var ordered = await PayAsync(GoodCardToken, promoCode);
        Assert.StartsWith("/orders/", ordered, StringComparison.Ordinal);
        await visitor.OpenAsync(ordered!);
        var order = ordered!.Split('?')[0];
        await visitor.OpenAsync($"{order}/invoice");
        await visitor.OpenAsync($"/p/{product}");
        // Until the catalog has heard of the purchase it takes no word on it.
        for (var tries = 0; await visitor.PostAsync($"/p/{product}/rating", ("stars", "4"), ("comment", Comment)) is null; tries++)
        {
            Assert.True(tries < 300, visitor.Page);
            await Task.Delay(100);
        }
        await visitor.OpenAsync(order);
        Assert.NotNull(await visitor.PostAsync($"{order}/cancel", ("reason", Reason)));
    }

    Task<string?> PayAsync(string card, string promoCode) => visitor.PostAsync("/checkout",
        ("key", visitor.Field("key")), ("items", visitor.Field("items")), ("total", visitor.Field("total")), ("name", $"{FirstName} {LastName}"), ("line1", Line1), ("line2", Line2),
        ("postalCode", PostalCode), ("city", City), ("country", "FR"), ("card", card), ("promo", promoCode), ("do", "pay"));

    async Task ChangeAccountAsync(Guid product)
    {
        await visitor.OpenAsync("/account");
        await visitor.PostAsync("/account/profile", ("firstName", FirstName), ("lastName", NewLastName), ("phone", Phone), ("language", "en"), ("animalType", "bird"), ("notificationsEnabled", "yes"));
        await visitor.OpenAsync("/account");
        await visitor.PostAsync("/account/password", ("currentPassword", WrongPassword), ("newPassword", NewPassword));
        await visitor.OpenAsync("/account/notifications");
        await visitor.OpenAsync("/account/export");
        await visitor.OpenAsync($"/p/{product}?from={Uri.EscapeDataString(Mistyped)}");
    }

    async Task ForgetPasswordAsync()
    {
        await visitor.OpenAsync("/reset");
        await visitor.PostAsync("/reset", ("email", Email));
        await visitor.OpenAsync($"/account/reset-password?token={await LinkAsync("reset-password")}");
        Assert.NotNull(await visitor.PostAsync("/account/reset-password", ("token", visitor.Field("token")), ("newPassword", NewPassword)));
        await visitor.OpenAsync("/login");
        Assert.NotNull(await visitor.PostAsync("/login", ("email", Email), ("password", NewPassword)));
    }

    /// <summary>What an app does that was made in a hurry.</summary>
    async Task UseTheApiAsync(Guid product)
    {
        await SendAsync("POST", "/api/users/login", JsonContent.Create(new { email = Email, password = WrongPassword }));
        await SendAsync("POST", "/api/users/register", new StringContent($$"""{"email":"{{Email}}","password":"{{Password}}","firstName":{{FirstName}}""") { Headers = { ContentType = new("application/json") } });
        await SendAsync("POST", "/api/users/register", JsonContent.Create(new { email = new[] { Email }, password = Password, firstName = 7, lastName = LastName }));
        await SendAsync("POST", "/api/users/register", JsonContent.Create(new { email = $"{Mistyped}\u0000", password = Password, firstName = FirstName, lastName = LastName }));
        await SendAsync("GET", $"/api/no-such-path?email={Uri.EscapeDataString(Email)}");
        await SendAsync("GET", $"/api/users/{Mistyped}");
        await SendAsync("GET", $"/api/orders/{Uri.EscapeDataString(Mistyped)}/details?name={FirstName}");
        await SendAsync("POST", "/api/users/verify-email", JsonContent.Create(new { token = WrongPassword }));

        // Of several who register one address at once, the database refuses all but one.
        var racers = Enumerable.Range(0, 4).Select(_ => SendAsync("POST", "/api/users/register", JsonContent.Create(new { email = Mistyped, password = Password, firstName = FirstName, lastName = LastName })));
        await Task.WhenAll(racers);

        var login = await SendAsync("POST", "/api/users/login", JsonContent.Create(new { email = Email, password = NewPassword }));
        var (token, refresh) = (TokenIn(login, "token"), TokenIn(login, "refreshToken"));
        secrets.UnionWith([token, token.Split('.')[2], refresh]);
        await SendAsync("GET", $"/api/orders?access_token={token}", token: token);
        foreach (var (card, quantity) in ((string, int)[])[("tok_error", 1), (CardToken, 1), (GoodCardToken, 900)])
            await SendAsync("POST", "/api/orders", JsonContent.Create(new
            {
                items = new[] { new { productId = product, quantity } },
                shippingAddress = new { name = $"{FirstName} {LastName}", line1 = Line1, line2 = Line2, postalCode = PostalCode, city = City, country = "FR" },
                payment = new { method = "card", cardToken = card },
            }), token);
        await SendAsync("POST", "/api/users/refresh", JsonContent.Create(new { refreshToken = refresh }));
        await SendAsync("POST", "/api/users/refresh", JsonContent.Create(new { refreshToken = refresh }));   // used twice
        await SendAsync("GET", "/api/orders", token: token + "x");
    }

    /// <summary>By an employee, who looks for them by their address.</summary>
    async Task AreLookedUpAsync()
    {
        await SendAsync("GET", $"/api/users?search={Uri.EscapeDataString(Email)}", token: shop.EmployeeToken);
        await SendAsync("GET", $"/api/users?search={FirstName}", token: shop.EmployeeToken);
        using var employee = new Visitor(shop.Backoffice);
        var (email, password) = shop.LoginOf("employee");
        await employee.OpenAsync("/office/login");
        Assert.NotNull(await employee.PostAsync("/office/login", ("email", email), ("password", password)));
        await employee.OpenAsync($"/office/customers?q={Uri.EscapeDataString(Email)}");
        Assert.Contains(FirstName, employee.Page, StringComparison.Ordinal);
        secrets.Add(password);
        secrets.Add(shop.EmployeeToken);
    }

    /// <summary>The secret of the newest mail's link, once it has come: one that cannot be sent is tried again after 1, 5 and 30 seconds.</summary>
    async Task<string> LinkAsync(string purpose)
    {
        for (var look = 0; look < 900; look++)
        {
            var links = (await distributed.Mails.MailsToAsync(Email)).Select(mail => Link().Match(mail.Text)).Where(link => link.Success && link.Groups[1].Value == purpose).ToList();
            if (links.Count > 0)
            {
                var token = links[^1].Groups[2].Value;
                secrets.Add(token);
                return token;
            }
            await Task.Delay(100);
        }
        var warnings = File.ReadLines(Path.Combine(shop.Data, "logs", "notifications-1.log")).Where(line => line.Contains("\"Warning\"", StringComparison.Ordinal));
        throw new TimeoutException($"No mail with a link to {purpose} has come:\n{string.Join('\n', warnings)}");
    }

    async Task<string> SendAsync(string method, string path, HttpContent? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Referer", $"{shop.Storefront}?email={Uri.EscapeDataString(Email)}");
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    static string TokenIn(string answer, string name) => System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty(name).GetString()!;

    public void Dispose()
    {
        visitor.Dispose();
        http.Dispose();
    }

    [GeneratedRegex("""/account/([a-z-]+)\?token=([^\s"<&]+)""")]
    private static partial Regex Link();
}
