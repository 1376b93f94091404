using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Users;

namespace Rosa.Host.Demo;

/// <summary>The demo customers, who share one password.</summary>
static class UserRows
{
    public static async Task LoadAsync(NpgsqlConnection connection, DemoShop shop, string password, CancellationToken cancellationToken)
    {
        using var hasher = new PasswordHasher(Options.Create(new UsersOptions()));
        var hash = await hasher.HashAsync(password, cancellationToken);
        await Copy.RowsAsync(connection,
            "users (user_id, email, password_hash, password_changed_at, first_name, last_name, role, language, animal_type, notifications_enabled, created_at)",
            shop.Customers.Select(customer => new object?[]
            {
                customer.CustomerId, customer.Email, hash, customer.RegisteredAt, customer.FirstName, customer.LastName, "customer", customer.Language,
                customer.Animal.ToString().ToLowerInvariant(), customer.NotificationsEnabled, customer.RegisteredAt,
            }), cancellationToken);
    }
}
