using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Rosa.Users.Tests;

public sealed class RulesTests
{
    [Theory]
    [InlineData("password123")]
    [InlineData("MotDePasse123")]
    [InlineData("azertyuiop")]
    [InlineData("1q2w3e4r5t")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("1212121212")]
    [InlineData("abcabcabcabc")]
    [InlineData("abcdefghijkl")]
    [InlineData("9876543210")]
    [InlineData("12345678901234")]
    public void Common_passwords_are_refused(string password) => Assert.NotNull(PasswordRules.Refusal(password));

    [Theory]
    [InlineData("ninechars", false)]
    [InlineData("ten chars!", true)]
    [InlineData("🐈🐕🐟🦜🐹", false)]
    [InlineData("🐈🐕🐟🦜🐹🐈🐕🦜🐟🐹", true)]
    public void A_password_is_counted_in_characters(string password, bool accepted) => Assert.Equal(accepted, PasswordRules.Refusal(password) is null);

    [Fact]
    public void A_password_has_at_most_128_characters()
    {
        var long128 = string.Concat(Enumerable.Range(0, 128).Select(i => (char)('!' + (i * 37 % 90))));
        Assert.Null(PasswordRules.Refusal(long128));
        Assert.NotNull(PasswordRules.Refusal(long128 + "x"));
    }

    [Theory]
    [InlineData(null, "fr")]
    [InlineData("", "fr")]
    [InlineData("*", "fr")]
    [InlineData("garbage;;;q=q", "fr")]
    [InlineData("en", "en")]
    [InlineData("EN-us", "en")]
    [InlineData("fr;q=0.5,en;q=0.6", "en")]
    [InlineData("es,de;q=0.9,en;q=0.1", "en")]
    [InlineData("en;q=0,fr;q=0.1", "fr")]
    public void The_language_is_the_preferred_one_of_french_and_english(string? header, string language) => Assert.Equal(language, Language.Preferred(header));

    [Theory]
    [InlineData("a@b.fr", true)]
    [InlineData(" Ada.Lovelace+shop@mail.example.co.uk ", true)]
    [InlineData("o'brien@example.ie", true)]
    [InlineData("a@b", false)]
    [InlineData("a b@c.fr", false)]
    [InlineData("@c.fr", false)]
    [InlineData("a@-c.fr", false)]
    [InlineData("a@c..fr", false)]
    [InlineData("a@c.fr\nBcc: x@y.fr", false)]
    [InlineData("<a@c.fr>", false)]
    public void An_email_is_one_that_mail_can_be_sent_to(string email, bool valid) => Assert.Equal(valid, Email.IsValid(email));

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1")]
    [InlineData("203.0.113.1", "198.51.100.1", "203.0.113.1")]
    [InlineData("::ffff:127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void Only_proxies_of_ours_are_believed_about_an_address(string connection, string? forwarded, string address)
    {
        var addresses = new ClientAddress(Options.Create(new UsersOptions { TrustedProxies = "127.0.0.0/8, 10.1.2.3" }));
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(connection) } };
        if (forwarded is not null) context.Request.Headers["X-Forwarded-For"] = forwarded;
        Assert.Equal(address, addresses.Of(context));
    }
}
