using System.Net;
using System.Net.Http.Json;

namespace Rosa.Users.Tests;

public sealed class FollowTests(UsersShop shop) : IClassFixture<UsersShop>
{
    async Task<HttpStatusCode> FollowAsync(SessionAnswer who, Guid whom)
    {
        using var response = await shop.As(who).PutAsync($"/api/users/{whom}/follow", null);
        return response.StatusCode;
    }

    async Task<HttpStatusCode> UnfollowAsync(SessionAnswer who, Guid whom)
    {
        using var response = await shop.As(who).DeleteAsync($"/api/users/{whom}/follow");
        return response.StatusCode;
    }

    async Task<PublicProfile> ProfileAsync(SessionAnswer seenBy, Guid of) => (await shop.As(seenBy).GetFromJsonAsync<PublicProfile>($"/api/users/{of}/profile"))!;

    [Fact]
    public async Task Following_and_unfollowing_is_seen_and_told_and_repeating_is_harmless()
    {
        var (me, you) = (await shop.RegisterAsync(), await shop.RegisterAsync(firstName: "Grace", lastName: "Hopper"));
        Assert.Equal(new PublicProfile(you.UserId, "Grace Hopper", Followers: 0, Following: 0, FollowedByMe: false), await ProfileAsync(me, you.UserId));

        Assert.Equal(HttpStatusCode.NoContent, await FollowAsync(me, you.UserId));
        Assert.Equal(HttpStatusCode.NoContent, await FollowAsync(me, you.UserId));
        Assert.Equal(new PublicProfile(you.UserId, "Grace Hopper", Followers: 1, Following: 0, FollowedByMe: true), await ProfileAsync(me, you.UserId));
        Assert.Equal((0, 1, false), await ProfileAsync(you, me.UserId) is var mine ? (mine.Followers, mine.Following, mine.FollowedByMe) : default);

        Assert.Equal(HttpStatusCode.NoContent, await UnfollowAsync(me, you.UserId));
        Assert.Equal(HttpStatusCode.NoContent, await UnfollowAsync(me, you.UserId));
        Assert.Equal(0, (await ProfileAsync(me, you.UserId)).Followers);

        var told = await shop.EventsOfAsync(me.UserId, 3);
        Assert.Equal(["rosa.UserCreated", "rosa.UserFollowed", "rosa.UserUnfollowed"], told.Select(happened => happened.GetProperty("type").GetString()));
        Assert.Equal(you.UserId, told[1].GetProperty("data").GetProperty("followedId").GetGuid());
    }

    [Fact]
    public async Task Nobody_follows_themselves_or_somebody_unknown()
    {
        var me = await shop.RegisterAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await FollowAsync(me, me.UserId));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await UnfollowAsync(me, me.UserId));
        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(me, Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.NotFound, await UnfollowAsync(me, Guid.CreateVersion7()));
        using var profile = await shop.As(me).GetAsync($"/api/users/{Guid.CreateVersion7()}/profile");
        await profile.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        using var list = await shop.As(me).GetAsync($"/api/users/{Guid.CreateVersion7()}/followers");
        await list.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task Followers_and_those_followed_are_listed_newest_first_in_pages()
    {
        var star = await shop.RegisterAsync();
        var fans = new List<SessionAnswer>();
        for (var i = 0; i < 3; i++)
        {
            fans.Add(await shop.RegisterAsync());
            await FollowAsync(fans[i], star.UserId);
        }
        var first = (await shop.As(star).GetFromJsonAsync<PeoplePage>($"/api/users/{star.UserId}/followers?limit=2"))!;
        Assert.Equal((3, 2), (first.Total, first.Users.Count));
        Assert.Equal([fans[2].UserId, fans[1].UserId], first.Users.Select(person => person.UserId));
        var following = (await shop.As(star).GetFromJsonAsync<PeoplePage>($"/api/users/{fans[0].UserId}/following"))!;
        Assert.Equal(star.UserId, Assert.Single(following.Users).UserId);
        using var bad = await shop.As(star).GetAsync($"/api/users/{star.UserId}/followers?limit=0");
        await bad.ShouldRefuseField("limit");
    }

    [Fact]
    public async Task Ten_at_once_follow_once()
    {
        var (me, you) = (await shop.RegisterAsync(), await shop.RegisterAsync());
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FollowAsync(me, you.UserId))), status => Assert.Equal(HttpStatusCode.NoContent, status));
        Assert.Equal(1, (await ProfileAsync(me, you.UserId)).Followers);
        await UnfollowAsync(me, you.UserId);
        Assert.Equal(3, (await shop.EventsOfAsync(me.UserId, 3)).Count);
    }
}
