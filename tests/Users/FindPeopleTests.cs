using System.Net;
using System.Net.Http.Json;

namespace Rosa.Users.Tests;

public sealed class FindPeopleTests(UsersShop shop) : IClassFixture<UsersShop>
{
    async Task<PeoplePage> FindAsync(SessionAnswer session, string query)
    {
        using var response = await shop.As(session).GetAsync("/api/users" + query);
        return await response.ShouldBe<PeoplePage>(HttpStatusCode.OK);
    }

    static IEnumerable<Guid> Ids(PeoplePage page) => page.Users.Select(person => person.UserId);

    [Fact]
    public async Task People_are_found_by_the_beginnings_of_their_names_whatever_case_and_accents()
    {
        var eleonore = await shop.RegisterAsync(firstName: "Éléonore", lastName: "de Saint-Exupéry");
        foreach (var search in new[] { "eleo", "ÉLÉONORE", "exup eleonore", "Saint-Exupéry", "sai" })
            Assert.Contains(eleonore.UserId, Ids(await FindAsync(eleonore, $"?search={Uri.EscapeDataString(search)}&limit=100")));
        foreach (var search in new[] { "leonore", "eleonore zzz", "'", "%", "a:* | b", "!!!" })
            Assert.DoesNotContain(eleonore.UserId, Ids(await FindAsync(eleonore, $"?search={Uri.EscapeDataString(search)}&limit=100")));
    }

    [Fact]
    public async Task What_is_shown_of_people_is_their_name_and_never_their_email()
    {
        var email = UsersShop.NewEmail();
        var session = await shop.RegisterAsync(email, firstName: "Zéphyrine", lastName: "Onlyone");
        using var response = await shop.As(session).GetAsync("/api/users?search=zephyrine");
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(email, text);
        Assert.DoesNotContain("role", text);
        Assert.Equal("Zéphyrine Onlyone", Assert.Single((await FindAsync(session, "?search=zephyrine")).Users).DisplayName);
        Assert.Empty((await FindAsync(session, $"?search={email}")).Users);
    }

    [Fact]
    public async Task Results_come_in_pages_by_last_name()
    {
        var session = await shop.RegisterAsync(firstName: "Pagette", lastName: "C");
        await shop.RegisterAsync(firstName: "Pagette", lastName: "A");
        await shop.RegisterAsync(firstName: "Pagette", lastName: "B");
        var second = await FindAsync(session, "?search=pagette&page=2&limit=2");
        Assert.Equal((3, 2, 2), (second.Total, second.Page, second.Limit));
        Assert.Equal("Pagette C", Assert.Single(second.Users).DisplayName);
    }

    [Fact]
    public async Task Without_a_search_customers_see_nobody_and_employees_list_by_role()
    {
        Assert.Equal(0, (await FindAsync(await shop.RegisterAsync(), "")).Total);
        var admin = await shop.LoginAdminAsync();
        var admins = await FindAsync(admin, "?role=admin");
        Assert.Equal("admin", Assert.Single(admins.Users, person => person.UserId == admin.UserId).Role);
        Assert.Equal(admin.UserId, Assert.Single((await FindAsync(admin, $"?search={UsersShop.AdminEmail}")).Users).UserId);
    }

    [Theory]
    [InlineData("?page=0", 400)]
    [InlineData("?limit=101", 400)]
    [InlineData("?limit=ten", 400)]
    [InlineData("?role=king", 400)]
    [InlineData("?role=admin", 403)]
    public async Task What_makes_no_sense_or_is_not_allowed_is_refused(string query, int status)
    {
        using var response = await shop.As(await shop.RegisterAsync()).GetAsync("/api/users" + query);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_search_has_a_longest_length_and_wants_a_login()
    {
        using var tooLong = await shop.As(await shop.RegisterAsync()).GetAsync("/api/users?search=" + new string('a', 101));
        await tooLong.ShouldRefuseField("search");
        using var guest = await shop.Guest.GetAsync("/api/users?search=ada");
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }
}
