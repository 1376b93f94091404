using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Rosa.Users.Tests;

public sealed class RegisterTests(UsersShop shop) : IClassFixture<UsersShop>
{
    static RegisterRequest Ada(string email) => new(email, UsersShop.GoodPassword, "Ada", "Lovelace");

    static Dictionary<string, string?> GoodBody() => new()
    {
        ["email"] = UsersShop.NewEmail(),
        ["password"] = UsersShop.GoodPassword,
        ["firstName"] = "Ada",
        ["lastName"] = "Lovelace",
    };

    Task<HttpResponseMessage> PostAsync(object body) => shop.Guest.PostAsJsonAsync("/api/users/register", body);

    [Fact]
    public async Task Who_registers_is_a_customer_and_signed_in()
    {
        var email = UsersShop.NewEmail();
        using var response = await PostAsync(Ada(email));
        var session = await response.ShouldBe<SessionAnswer>(HttpStatusCode.Created);

        Assert.Equal(900, session.ExpiresIn);
        Assert.Equal($"/api/users/{session.UserId}", response.Headers.Location?.ToString());
        var profile = await shop.As(session).GetFromJsonAsync<Profile>($"/api/users/{session.UserId}");
        Assert.Equal(
            new Profile(session.UserId, email, EmailVerified: false, "Ada", "Lovelace", Phone: null, "fr", "customer", new Preferences(null, true), profile!.CreatedAt), profile);
    }

    [Fact]
    public async Task An_email_belongs_to_one_account_in_whatever_case_it_is_written()
    {
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);

        using var again = await PostAsync(Ada("  " + email.ToUpperInvariant() + " "));
        await again.ShouldRefuse(HttpStatusCode.Conflict, "EMAIL_TAKEN");
        Assert.Equal(email, await shop.QueryAsync<string>("select email from users where lower(email) = @email", new { email }));
        await shop.LoginAsync(email.ToUpperInvariant());
    }

    [Fact]
    public async Task Of_twenty_who_register_the_same_email_at_once_one_gets_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var email = UsersShop.NewEmail();
            var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(Ada(email))));

            Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
            Assert.Equal(19, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
            var userId = (await responses.Single(response => response.IsSuccessStatusCode).Content.ReadFromJsonAsync<SessionAnswer>())!.UserId;
            Assert.Single(await shop.EventsOfAsync(userId, 1));
            Assert.Equal(1, await shop.QueryAsync<int>("select count(*) from sessions s join users u using (user_id) where u.email = @email", new { email }));
        }
    }

    [Theory]
    [InlineData(null, "fr")]
    [InlineData("en-GB,en;q=0.9,fr;q=0.8", "en")]
    [InlineData("de,fr;q=0.5", "fr")]
    public async Task UserCreated_is_told_with_the_language_of_the_browser(string? acceptLanguage, string language)
    {
        using var guest = shop.Guest;
        if (acceptLanguage is not null) guest.DefaultRequestHeaders.Add("Accept-Language", acceptLanguage);
        var email = UsersShop.NewEmail();
        using var response = await guest.PostAsJsonAsync("/api/users/register", Ada(email));
        var session = await response.ShouldBe<SessionAnswer>(HttpStatusCode.Created);

        var happened = Assert.Single(await shop.EventsOfAsync(session.UserId, 1));
        Assert.Equal("rosa.UserCreated", happened.GetProperty("type").GetString());
        var data = happened.GetProperty("data");
        Assert.Equal([email, "Ada", "Lovelace", language], new[] { "email", "firstName", "lastName", "language" }.Select(name => data.GetProperty(name).GetString()));
    }

    [Fact]
    public async Task The_role_never_comes_from_the_request()
    {
        using var response = await PostAsync(new Dictionary<string, string?>(GoodBody()) { ["role"] = "admin" });
        var session = await response.ShouldBe<SessionAnswer>(HttpStatusCode.Created);
        Assert.Equal("customer", (await shop.As(session).GetFromJsonAsync<Profile>($"/api/users/{session.UserId}"))!.Role);
    }

    [Theory]
    [InlineData("email", "not an address")]
    [InlineData("email", "two@at@shop.test")]
    [InlineData("email", "line\n@shop.test")]
    [InlineData("email", "")]
    [InlineData("password", "short")]
    [InlineData("password", "Password123")]
    [InlineData("password", "1234567890")]
    [InlineData("firstName", "   ")]
    [InlineData("firstName", "Bell\a")]
    [InlineData("lastName", null)]
    public async Task Bad_input_is_refused_by_field(string field, string? value)
    {
        var body = GoodBody();
        body[field] = value;
        using var response = await PostAsync(body);
        await response.ShouldRefuseField(field);
    }

    [Theory]
    [InlineData("firstName", 101)]
    [InlineData("password", 129)]
    [InlineData("email", 300)]
    public async Task What_is_too_long_is_refused(string field, int length)
    {
        var body = GoodBody();
        body[field] = (field == "email" ? "a@shop.test" : "") + string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * 7 % 26))));
        using var response = await PostAsync(body);
        await response.ShouldRefuseField(field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"email": 5}""")]
    [InlineData("""{"email": "\ud800@shop.test", "password": "warm kitten biscuits", "firstName": "A", "lastName": "B"}""")]
    public async Task Unreadable_bodies_are_refused(string body)
    {
        using var response = await shop.Guest.PostAsync("/api/users/register", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Passwords_are_stored_as_salted_hashes_alone()
    {
        var first = await shop.RegisterAsync();
        var second = await shop.RegisterAsync();
        var hashes = new[] { await HashOf(first), await HashOf(second) };

        Assert.All(hashes, hash => Assert.StartsWith("pbkdf2-sha512$1000$", hash));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    Task<string?> HashOf(SessionAnswer session) => shop.QueryAsync<string>("select password_hash from users where user_id = @UserId", session);
}
