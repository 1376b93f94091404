using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rosa.Users.Tests;

public sealed class ProfileTests(UsersShop shop) : IClassFixture<UsersShop>
{
    static string Path(SessionAnswer session) => $"/api/users/{session.UserId}";

    [Fact]
    public async Task A_profile_is_seen_by_its_owner_and_by_employees_and_is_unknown_to_all_others()
    {
        var owner = await shop.RegisterAsync();
        using var own = await shop.As(owner).GetAsync(Path(owner));
        await own.ShouldBe<Profile>(HttpStatusCode.OK);

        using var employee = await shop.As(await shop.LoginAdminAsync()).GetAsync(Path(owner));
        await employee.ShouldBe<Profile>(HttpStatusCode.OK);

        using var stranger = await shop.As(await shop.RegisterAsync()).GetAsync(Path(owner));
        await stranger.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");

        using var guest = await shop.Guest.GetAsync(Path(owner));
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Unknown_and_malformed_ids_are_404()
    {
        using var admin = shop.As(await shop.LoginAdminAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/users/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/users/42")).StatusCode);
    }

    [Fact]
    public async Task A_profile_has_the_members_of_the_contract_and_no_others()
    {
        var owner = await shop.RegisterAsync();
        var profile = (await shop.As(owner).GetFromJsonAsync<JsonObject>(Path(owner)))!;
        Assert.Equal(["userId", "email", "emailVerified", "firstName", "lastName", "phone", "language", "role", "preferences", "createdAt"], profile.Select(member => member.Key));
        Assert.Equal(["animalType", "notificationsEnabled"], profile["preferences"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task What_was_read_can_be_changed_and_sent_back()
    {
        var owner = await shop.RegisterAsync();
        using var client = shop.As(owner);
        var profile = (await client.GetFromJsonAsync<JsonObject>(Path(owner)))!;
        profile["firstName"] = " Augusta ";
        profile["role"] = "admin";
        profile["email"] = "other@shop.test";
        profile["preferences"] = new JsonObject { ["animalType"] = "cat", ["notificationsEnabled"] = false };

        using var response = await client.PutAsJsonAsync(Path(owner), profile);
        var changed = await response.ShouldBe<Profile>(HttpStatusCode.OK);
        Assert.Equal(("Augusta", "customer", new Preferences("cat", false)), (changed.FirstName, changed.Role, changed.Preferences));
        Assert.NotEqual("other@shop.test", changed.Email);
        Assert.Equal(changed, await client.GetFromJsonAsync<Profile>(Path(owner)));

        var happened = (await shop.EventsOfAsync(owner.UserId, 2))[1];
        Assert.Equal("rosa.UserUpdated", happened.GetProperty("type").GetString());
        var data = happened.GetProperty("data");
        Assert.Equal("Augusta", data.GetProperty("firstName").GetString());
        Assert.Equal("cat", data.GetProperty("animalType").GetString());
        Assert.False(data.GetProperty("notificationsEnabled").GetBoolean());
    }

    [Fact]
    public async Task Preferences_left_out_stay_and_an_animal_can_be_taken_back()
    {
        var owner = await shop.RegisterAsync();
        using var client = shop.As(owner);
        await client.PutAsJsonAsync(Path(owner), new { firstName = "A", lastName = "B", preferences = new { animalType = "dog", notificationsEnabled = false } });

        using var without = await client.PutAsJsonAsync(Path(owner), new { firstName = "A", lastName = "C" });
        Assert.Equal(new Preferences("dog", false), (await without.ShouldBe<Profile>(HttpStatusCode.OK)).Preferences);

        using var none = await client.PutAsJsonAsync(Path(owner), new { firstName = "A", lastName = "C", preferences = new { animalType = (string?)null } });
        Assert.Equal(new Preferences(null, false), (await none.ShouldBe<Profile>(HttpStatusCode.OK)).Preferences);
    }

    [Fact]
    public async Task A_phone_number_and_a_language_stay_until_they_are_changed()
    {
        var owner = await shop.RegisterAsync();
        using var client = shop.As(owner);
        async Task<Profile> PutAsync(object body)
        {
            using var response = await client.PutAsJsonAsync(Path(owner), body);
            return await response.ShouldBe<Profile>(HttpStatusCode.OK);
        }

        var set = await PutAsync(new { firstName = "A", lastName = "B", phone = "+33 6.12-34 56 78", language = "en" });
        Assert.Equal(("+33612345678", "en"), (set.Phone, set.Language));
        var kept = await PutAsync(new { firstName = "A", lastName = "B" });
        Assert.Equal(("+33612345678", "en"), (kept.Phone, kept.Language));
        Assert.Null((await PutAsync(new { firstName = "A", lastName = "B", phone = "" })).Phone);

        var told = (await shop.EventsOfAsync(owner.UserId, 4))[1].GetProperty("data");
        Assert.Equal(("+33612345678", "en"), (told.GetProperty("phone").GetString(), told.GetProperty("language").GetString()));
    }

    [Fact]
    public async Task Only_the_owner_changes_a_profile()
    {
        var owner = await shop.RegisterAsync();
        var change = new { firstName = "Eve", lastName = "Eve" };
        foreach (var other in new[] { await shop.RegisterAsync(), await shop.LoginAdminAsync() })
        {
            using var response = await shop.As(other).PutAsJsonAsync(Path(owner), change);
            await response.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        }
        using var guest = await shop.Guest.PutAsJsonAsync(Path(owner), change);
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        Assert.Equal("Ada", (await shop.As(owner).GetFromJsonAsync<Profile>(Path(owner)))!.FirstName);
    }

    [Theory]
    [InlineData("""{"firstName": "", "lastName": "B"}""", "firstName")]
    [InlineData("""{"firstName": "A"}""", "lastName")]
    [InlineData("""{"firstName": "A", "lastName": "B", "phone": "0612345678"}""", "phone")]
    [InlineData("""{"firstName": "A", "lastName": "B", "language": "de"}""", "language")]
    [InlineData("""{"firstName": "A", "lastName": "B", "preferences": {"animalType": "dragon"}}""", "preferences.animalType")]
    [InlineData("""{"firstName": "A", "lastName": "B", "preferences": {"animalType": "DOG"}}""", "preferences.animalType")]
    public async Task Invalid_profiles_are_refused_by_field(string body, string field)
    {
        var owner = await shop.RegisterAsync();
        using var response = await shop.As(owner).PutAsync(Path(owner), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await response.ShouldRefuseField(field);
    }

    [Theory]
    [InlineData("""{"firstName": "A", "lastName": "B", "preferences": {"notificationsEnabled": "yes"}}""")]
    [InlineData("""{"firstName": "A", "lastName": "B", "preferences": "dog"}""")]
    public async Task Members_of_the_wrong_type_are_bad_requests(string body)
    {
        var owner = await shop.RegisterAsync();
        using var response = await shop.As(owner).PutAsync(Path(owner), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await response.ShouldRefuse(HttpStatusCode.BadRequest, "BAD_REQUEST");
    }
}
