using System.Text;
using Rosa.Testing;

namespace Rosa.Payments;

public sealed class WebhookSignatureTests
{
    const string Body = """{"id":"evt_1"}""";
    static readonly DateTimeOffset now = new(2026, 12, 24, 18, 0, 0, TimeSpan.Zero);
    static readonly string signed = FakePaymentProvider.Sign(Body, now);

    static bool Holds(string? header, string body = Body, DateTimeOffset? at = null) =>
        WebhookSignature.Holds(header, Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(FakePaymentProvider.WebhookSecret), at ?? now);

    [Fact]
    public void The_signature_of_this_body_made_a_moment_ago_holds()
    {
        Assert.True(Holds(signed));
        Assert.True(Holds(signed.ToUpperInvariant().Replace("T=", "t=", StringComparison.Ordinal).Replace("V1=", "v1=", StringComparison.Ordinal)));
        Assert.True(Holds(signed.Replace(",", " , ", StringComparison.Ordinal)));
        Assert.True(Holds("v0=abc," + signed));
        Assert.True(Holds(signed, at: now.AddMinutes(5)));
        Assert.True(Holds(signed, at: now.AddMinutes(-5)));
    }

    [Fact]
    public void One_of_several_signatures_is_enough_while_the_secret_is_being_changed()
    {
        Assert.True(Holds(FakePaymentProvider.Sign(Body, now, "the-next-secret-of-the-shop", FakePaymentProvider.WebhookSecret)));
        Assert.True(Holds(FakePaymentProvider.Sign(Body, now, FakePaymentProvider.WebhookSecret, "the-next-secret-of-the-shop")));
        Assert.False(Holds(FakePaymentProvider.Sign(Body, now, "the-next-secret-of-the-shop", "one-before")));
    }

    [Fact]
    public void Another_body_secret_or_time_does_not_hold()
    {
        Assert.False(Holds(signed, body: Body + " "));
        Assert.False(Holds(FakePaymentProvider.Sign(Body, now, "somebody-elses-secret")));
        Assert.False(Holds(signed, at: now.AddSeconds(301)));
        Assert.False(Holds(signed, at: now.AddSeconds(-301)));
        Assert.False(Holds(signed.Replace($"t={now.ToUnixTimeSeconds()}", $"t={now.ToUnixTimeSeconds() + 1}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("t=,v1=")]
    [InlineData("t=1798135200")]
    [InlineData("v1=00")]
    [InlineData("t=1798135200,v1=zz")]
    [InlineData("t=-1798135200,v1=00")]
    [InlineData("t=99999999999999999999999999,v1=00")]
    [InlineData("t=9223372036854775807,v1=00")]
    [InlineData(",,,===,,,")]
    public void Garbage_does_not_hold(string? header) => Assert.False(Holds(header));

    [Fact]
    public void Neither_two_times_nor_an_endless_header_hold()
    {
        Assert.False(Holds(signed + ",t=1"));
        Assert.False(Holds(signed + new string(',', 1_000)));
    }
}
