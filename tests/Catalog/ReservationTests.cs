using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class ReservationTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    readonly Guid order = Guid.CreateVersion7();

    [Fact]
    public async Task Reserving_twice_holds_once()
    {
        var product = await shop.CreateAsync(quantity: 5);
        Assert.True((await shop.ReserveAsync(order, (product, 3))).Reserved);
        Assert.True((await shop.ReserveAsync(order, (product, 3))).Reserved);
        Assert.Equal((2, 3, 0), await shop.StockAsync(product));
    }

    [Fact]
    public async Task All_lines_are_held_or_none()
    {
        var plenty = await shop.CreateAsync(quantity: 5);
        var few = await shop.CreateAsync(quantity: 1);
        var answer = await shop.ReserveAsync(order, (plenty, 2), (few, 2));
        Assert.False(answer.Reserved);
        Assert.Equal([new Shortage { ProductId = few.ToString(), Requested = 2, Available = 1 }], answer.Shortages);
        Assert.Equal((5, 0, 0), await shop.StockAsync(plenty));
    }

    [Fact]
    public async Task The_same_product_on_two_lines_is_summed()
    {
        var product = await shop.CreateAsync(quantity: 3);
        var answer = await shop.ReserveAsync(order, (product, 2), (product, 2));
        Assert.Equal(4, Assert.Single(answer.Shortages).Requested);
        Assert.False((await shop.ReserveAsync(order, (product, int.MaxValue), (product, int.MaxValue))).Reserved);
    }

    [Fact]
    public async Task A_sale_leaves_the_house_and_comes_back_when_it_is_cancelled()
    {
        var product = await shop.CreateAsync(quantity: 5);
        await shop.ReserveAsync(order, (product, 2));
        Assert.True(await shop.CommitAsync(order));
        Assert.True(await shop.CommitAsync(order));
        Assert.Equal((3, 0, 2), await shop.StockAsync(product));

        await shop.ReleaseAsync(order);
        await shop.ReleaseAsync(order);
        Assert.Equal((5, 0, 0), await shop.StockAsync(product));
        Assert.False(await shop.CommitAsync(order));
        var late = await shop.ReserveAsync(order, (product, 2));
        Assert.False(late.Reserved);
        Assert.Empty(late.Shortages);
    }

    [Fact]
    public async Task A_release_that_overtakes_its_reserve_wins()
    {
        var product = await shop.CreateAsync(quantity: 5);
        await shop.ReleaseAsync(order);
        Assert.False((await shop.ReserveAsync(order, (product, 1))).Reserved);
        Assert.Equal((5, 0, 0), await shop.StockAsync(product));
    }

    [Fact]
    public async Task A_hold_that_nobody_commits_goes_back_and_may_be_made_again()
    {
        var product = await shop.CreateAsync(quantity: 5);
        var other = await shop.CreateAsync(quantity: 5);
        await shop.ReserveAsync(order, null, ttlSeconds: 60, (product, 5));
        await shop.SweepAsync();
        Assert.Equal((0, 5, 0), await shop.StockAsync(product));

        shop.Clock.Forward(TimeSpan.FromSeconds(61));
        await shop.SweepAsync();
        Assert.Equal((5, 0, 0), await shop.StockAsync(product));
        Assert.False(await shop.CommitAsync(order));

        Assert.True((await shop.ReserveAsync(order, (product, 1), (other, 1))).Reserved);
        Assert.True(await shop.CommitAsync(order));
        Assert.Equal((4, 0, 1), await shop.StockAsync(product));
        Assert.Equal((4, 0, 1), await shop.StockAsync(other));
    }

    [Fact]
    public async Task A_withdrawn_product_cannot_be_held_but_what_is_held_can_be_bought()
    {
        var product = await shop.CreateAsync(quantity: 5);
        await shop.ReserveAsync(order, (product, 1));
        Assert.True((await shop.Employee.DeleteAsync($"/api/products/{product}")).IsSuccessStatusCode);
        Assert.False((await shop.ReserveAsync(Guid.CreateVersion7(), (product, 1))).Reserved);
        Assert.True(await shop.CommitAsync(order));
    }

    [Theory]
    [InlineData("not-an-id", "11111111-1111-7111-8111-111111111111", 1)]
    [InlineData("11111111-1111-7111-8111-111111111111", "nonsense", 1)]
    [InlineData("11111111-1111-7111-8111-111111111111", "11111111-1111-7111-8111-111111111111", -1)]
    [InlineData("11111111-1111-7111-8111-111111111111", "11111111-1111-7111-8111-111111111111", 0)]
    public async Task Nonsense_is_an_invalid_argument(string orderId, string productId, int quantity)
    {
        var request = new ReserveRequest { OrderId = orderId, Lines = { new OrderLine { ProductId = productId, Quantity = quantity } } };
        var refused = await Assert.ThrowsAsync<GrpcException>(() => shop.CallAsync(CatalogGrpc.Reserve, request));
        Assert.Equal(GrpcStatusCode.InvalidArgument, refused.Status);
    }

    [Fact]
    public async Task Only_services_reserve()
    {
        var request = new ReserveRequest { OrderId = order.ToString() };
        var guest = await Assert.ThrowsAsync<GrpcException>(() => shop.Channel.UnaryAsync(CatalogGrpc.Reserve, request, new GrpcCallOptions(TimeSpan.FromSeconds(10))));
        Assert.Equal(GrpcStatusCode.Unauthenticated, guest.Status);
        var employee = new GrpcCallOptions(TimeSpan.FromSeconds(10), [new("authorization", "Bearer " + TestTokens.Shared.Employee())]);
        var refused = await Assert.ThrowsAsync<GrpcException>(() => shop.Channel.UnaryAsync(CatalogGrpc.Reserve, request, employee));
        Assert.Equal(GrpcStatusCode.PermissionDenied, refused.Status);
    }

    [Fact]
    public async Task Stock_is_verified_without_a_token()
    {
        var product = await shop.CreateAsync(quantity: 5);
        var options = new GrpcCallOptions(TimeSpan.FromSeconds(10));
        Task<StockCheckResponse> Verify(string id, int quantity) =>
            shop.Channel.UnaryAsync(CatalogGrpc.VerifyStock, new StockCheckRequest { ProductId = id, Quantity = quantity }, options);

        Assert.Equal(new StockCheckResponse { Available = true, AvailableQuantity = 5 }, await Verify(product.ToString(), 5));
        Assert.Equal(new StockCheckResponse { Available = false, AvailableQuantity = 5 }, await Verify(product.ToString(), 6));
        Assert.Equal(GrpcStatusCode.NotFound, (await Assert.ThrowsAsync<GrpcException>(() => Verify(Guid.CreateVersion7().ToString(), 1))).Status);
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await Assert.ThrowsAsync<GrpcException>(() => Verify("x", 1))).Status);
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await Assert.ThrowsAsync<GrpcException>(() => Verify(product.ToString(), -1))).Status);
    }

    [Fact]
    public async Task An_order_is_priced_in_cents_and_unknown_products_are_left_out()
    {
        var product = await shop.CreateAsync(CatalogShop.Product(price: 12.34m, quantity: 5));
        var answer = await shop.CallAsync(CatalogGrpc.GetProducts, new GetProductsRequest { ProductIds = { product.ToString(), Guid.CreateVersion7().ToString() }, Language = "fr" });
        var priced = Assert.Single(answer.Products);
        Assert.Equal((1234, 1234, 5, "dog-food", "Croquettes"), (priced.PriceCents, priced.SellingPriceCents, priced.Available, priced.Category, priced.Title));
    }
}
