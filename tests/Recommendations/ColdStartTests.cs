namespace Rosa.Recommendations.Tests;

/// <summary>In a shop of its own: what is popular depends on all that is sold.</summary>
public sealed class ColdStartTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_new_customer_gets_what_is_popular_for_their_animal_and_a_change_of_animal_counts_at_once()
    {
        var (mouse, bone, old) = (await shop.ProductAsync("Souris"), await shop.ProductAsync("Os", "dog"), await shop.ProductAsync("Jamais vendu"));
        for (var i = 0; i < 3; i++) await shop.BuyAsync(await shop.OwnerAsync("cat"), mouse);
        for (var i = 0; i < 5; i++) await shop.BuyAsync(await shop.OwnerAsync("dog"), bone);

        var cats = await shop.SuggestedToAsync(await shop.OwnerAsync("cat"));
        Assert.Equal([(mouse, "Populaire chez les chats"), (bone, "Très demandé en ce moment"), (old, "Nouveau dans la boutique")], cats.Select(entry => (entry.ProductId, entry.Reason)));
        var dogs = await shop.SuggestedToAsync(await shop.OwnerAsync("dog"));
        Assert.Equal((bone, "Populaire chez les chiens"), (dogs[0].ProductId, dogs[0].Reason));
        Assert.Equal(bone, (await shop.SuggestedToAsync(Guid.CreateVersion7()))[0].ProductId);

        // An owner of a dog turns out to keep a cat, and so does what they bought.
        var changed = await shop.OwnerAsync("dog");
        await shop.BuyAsync(changed, bone, mouse);
        var before = await shop.CountsAsync();
        await shop.OwnerAsync("cat", changed);
        Assert.Equal(4, await shop.ReadAsync<int>("select orders from popularity where animal_type = 'cat' and product_id = $1", mouse));
        Assert.Equal(0L, await shop.ReadAsync<long>("select count(*) from popularity where animal_type = 'dog' and product_id = $1", mouse));
        await shop.OwnerAsync(null, changed);
        await shop.OwnerAsync("dog", changed);
        Assert.Equal(before, await shop.CountsAsync());
    }
}
