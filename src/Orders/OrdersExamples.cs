namespace Rosa.Orders;

/// <summary>A sale, as the API's description shows it.</summary>
static class OrdersExamples
{
    static readonly Guid product = Guid.Parse("0199a3f0-0000-7000-8000-000000000001");

    public static readonly CartAnswer Cart = new([new CartItem(product, "Corde à mâcher", 12.50m, 2, 25.00m, Available: 14)], 25.00m);

    public static readonly PlaceOrderRequest Request = new(
        [new OrderLineRequest(product, 2)], "BIENVENUE10", new AddressRequest("Rosa Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR"), new PaymentRequest("card", "tok_visa"));

    public static readonly PlacedOrder Placed = new(Guid.Parse("0199a3f0-0000-7000-8000-000000000002"), "CONFIRMED", 25.00m, 2.50m, 22.50m);
}
