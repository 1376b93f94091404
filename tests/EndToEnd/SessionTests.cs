using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Rosa.EndToEnd.Tests;

/// <summary>What the README tells a newcomer to paste.</summary>
[Trait("shape", "both")]
public sealed partial class SessionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_session_in_the_README_works_as_pasted()
    {
        await using var shop = await RunningShop.StartAsync(demo: true);
        var session = Session().Match(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"))).Groups["text"].Value;
        Assert.Contains("127.0.0.1:8000", session, StringComparison.Ordinal);
        session = session.Replace("127.0.0.1:8000", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{shop.Gateway.Port}"), StringComparison.Ordinal);

        using var bash = Process.Start(new ProcessStartInfo("bash", ["-u"])
        {
            WorkingDirectory = shop.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await bash.StandardInput.WriteAsync(session);
        bash.StandardInput.Close();
        var (said, errors) = (await bash.StandardOutput.ReadToEndAsync(), await bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        output.WriteLine(said);

        Assert.Equal("", errors);
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.Contains("\"quantity\":2", lines[0], StringComparison.Ordinal);
        Assert.Equal(["CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED"], lines[1..5]);
        Assert.Contains("\"status\":\"CANCELLED\"", lines[5], StringComparison.Ordinal);
        Assert.DoesNotContain("\"refundAmount\":0", lines[5], StringComparison.Ordinal);
        Assert.Equal("REFUNDED", lines[6]);
        Assert.Empty(await Rules.BrokenAsync(shop));
    }

    [GeneratedRegex("<!-- session -->\\s*```bash\\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Session();
}
