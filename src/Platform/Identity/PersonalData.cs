namespace Rosa.Platform.Identity;

/// <summary>
/// A service's part of the file in which a person gets all that is held about them. Each service that keeps personal data maps
/// <c>app.MapPost(PersonalData.Route, …).For(Access.Service)</c> and answers 200 with a JSON object of its own shape, <c>{}</c> when it holds nothing.
/// </summary>
public static class PersonalData
{
    public const string Route = "/internal/personal-data";
}

/// <param name="OrderIds">
/// The person's orders, for services that keep data by order alone. Orders itself is asked first, with none, and names them in
/// <c>orders: [{orderId, …}]</c>.
/// </param>
public sealed record PersonalDataRequest(Guid UserId, IReadOnlyList<Guid> OrderIds);
