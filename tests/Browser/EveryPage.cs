using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Every page of one front, wide and narrow, light and dark: nothing keeps anybody out, nothing sticks out, and a picture of it is kept.</summary>
/// <remarks>The two other ways to combine language, width and colours are looked at when this is asked for by name.</remarks>
public abstract class EveryPage
{
    [Theory]
    [InlineData("fr", 360, ColorScheme.Light)]
    [InlineData("en", 1440, ColorScheme.Dark)]
    public Task Is_open_to_everybody(string language, int width, ColorScheme look) => LookAsync(language, width, look);

    [Theory]
    [Trait("run", "asked")]
    [InlineData("fr", 1440, ColorScheme.Light)]
    [InlineData("en", 360, ColorScheme.Dark)]
    public Task Is_open_to_everybody_in_any_other_dress(string language, int width, ColorScheme look) => LookAsync(language, width, look);

    async Task LookAsync(string language, int width, ColorScheme look)
    {
        var page = await OpenAsync(language, width, look);
        var check = new PageCheck(Fixture, page, $"{language}-{width}-{look.ToString().ToLowerInvariant()}");
        await VisitAsync(page, check);
        await page.Context.CloseAsync();
        Assert.True(check.Wrong.Count == 0, string.Join('\n', check.Wrong));
    }

    private protected abstract BrowserFixture Fixture { get; }

    private protected abstract Task<IPage> OpenAsync(string language, int width, ColorScheme look);

    /// <summary>Goes to every page and looks at it.</summary>
    private protected abstract Task VisitAsync(IPage page, PageCheck check);
}
