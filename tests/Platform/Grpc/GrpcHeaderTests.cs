using Microsoft.AspNetCore.Http;
using Rosa.Platform.Grpc;

namespace Rosa.Platform.Tests.Grpc;

public class GrpcHeaderTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("250m", 250)]
    [InlineData("5000u", 5)]
    [InlineData("7000000n", 7)]
    [InlineData("0S", 0)]
    [InlineData("00000001S", 1_000)]
    public void A_timeout_is_read(string header, double milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(header, out var timeout));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1 S")]
    [InlineData("1s")]
    [InlineData("1,5S")]
    [InlineData("123456789S")]
    [InlineData("１S")]
    public void A_malformed_timeout_is_refused(string header) => Assert.False(GrpcTimeout.TryParse(header, out _));

    [Fact]
    public void The_longest_timeout_can_be_added_to_a_date()
    {
        Assert.True(GrpcTimeout.TryParse("99999999H", out var timeout));
        Assert.Equal(GrpcTimeout.Longest, timeout);
    }

    [Theory]
    [InlineData(1, "1u")]
    [InlineData(11, "2u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(0, "1u")]
    [InlineData(-5, "1u")]
    public void A_timeout_is_sent_positive_rounded_up_and_in_eight_digits(long ticks, string header) =>
        Assert.Equal(header, GrpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void No_timeout_is_sent_shorter_than_it_is()
    {
        for (var ticks = 1L; ticks < TimeSpan.FromDays(4000).Ticks; ticks = ticks * 3 + 1)
        {
            var header = GrpcTimeout.Format(TimeSpan.FromTicks(ticks));
            Assert.InRange(header.Length, 2, 9);
            Assert.True(GrpcTimeout.TryParse(header, out var read));
            Assert.True(read.Ticks >= Math.Min(ticks, GrpcTimeout.Longest.Ticks), header);
        }
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("50%", "50%25")]
    [InlineData("café\n", "caf%C3%A9%0A")]
    [InlineData("\u007f", "%7F")]
    [InlineData("", "")]
    public void A_message_is_percent_encoded_and_back(string text, string header)
    {
        Assert.Equal(header, GrpcText.Encode(text));
        Assert.Equal(text, GrpcText.Decode(header));
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz%", "%zz%")]
    [InlineData("%4", "%4")]
    [InlineData("%e2%82%ac", "€")]
    [InlineData("%FF", "\uFFFD")]
    public void Decoding_a_message_never_fails(string header, string text) => Assert.Equal(text, GrpcText.Decode(header));

    [Theory]
    [InlineData("AQI=")]
    [InlineData("AQI")]
    [InlineData("AQI, AQI=")]
    public void Binary_metadata_is_read_with_or_without_padding_and_joined_by_commas(string header)
    {
        var values = GrpcMetadata.ReadBinary(new HeaderDictionary { ["key-bin"] = header }, "key-bin");
        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.Equal([1, 2], value));
    }

    [Fact]
    public void Binary_metadata_that_is_not_base64_is_left_out() =>
        Assert.Equal([[1, 2]], GrpcMetadata.ReadBinary(new HeaderDictionary { ["key-bin"] = "!!!!,A,AQI" }, "key-bin"));

    [Fact]
    public void Binary_metadata_has_a_name_that_says_so() => Assert.Throws<ArgumentException>(() => GrpcMetadata.Binary("key", [1]));

    [Theory]
    [InlineData("grpc-timeout")]
    [InlineData("Grpc-Anything")]
    [InlineData(":path")]
    [InlineData("te")]
    [InlineData("Content-Type")]
    [InlineData("connection")]
    [InlineData("")]
    [InlineData("with space")]
    public async Task Metadata_may_not_take_a_name_of_the_protocol(string name)
    {
        using var channel = new GrpcChannel(new Uri("http://127.0.0.1:9"));
        await Assert.ThrowsAsync<ArgumentException>(() => channel.UnaryAsync(Echo.Say, new(), new(Metadata: [new(name, "value")])));
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("é")]
    public async Task Metadata_is_printable_ASCII(string value)
    {
        using var channel = new GrpcChannel(new Uri("http://127.0.0.1:9"));
        await Assert.ThrowsAsync<ArgumentException>(() => channel.UnaryAsync(Echo.Say, new(), new(Metadata: [new("key", value)])));
    }
}
