using System.Globalization;
using Rosa.Testing;

namespace Rosa.EndToEnd.Tests;

/// <summary>What the README tells a newcomer to paste.</summary>
[Trait("shape", "both")]
public sealed class SessionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_session_in_the_README_works_as_pasted()
    {
        await using var shop = await RunningShop.StartAsync(demo: true);
        var session = await ReadmeSession.ReadAsync(Path.Combine(AppContext.BaseDirectory, "README.md"));
        Assert.Contains("127.0.0.1:8000", session, StringComparison.Ordinal);
        session = session.Replace("127.0.0.1:8000", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{shop.Gateway.Port}"), StringComparison.Ordinal);

        var (lines, errors) = await ReadmeSession.RunAsync(session, shop.Folder);
        output.WriteLine(string.Join('\n', lines));

        Assert.Equal("", errors);
        Assert.Equal(7, lines.Count);
        Assert.Contains("\"quantity\":2", lines[0], StringComparison.Ordinal);
        Assert.Equal(["CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED"], lines.Skip(1).Take(4));
        Assert.Contains("\"status\":\"CANCELLED\"", lines[5], StringComparison.Ordinal);
        Assert.DoesNotContain("\"refundAmount\":0", lines[5], StringComparison.Ordinal);
        Assert.Equal("REFUNDED", lines[6]);
        Assert.Empty(await Rules.BrokenAsync(shop));
    }
}
