using System.Text.Json;
using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Looks at the pages of one window: what keeps somebody out and what sticks out is <see cref="Wrong"/>, and a picture of each is kept.</summary>
/// <param name="dress">The end of the pictures' names: language, width and colours.</param>
sealed class PageCheck(BrowserFixture fixture, IPage page, string dress)
{
    const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    readonly List<string> wrong = Listened(page);

    public string Dress => dress;

    public IReadOnlyList<string> Wrong => wrong;

    static List<string> Listened(IPage page)
    {
        var wrong = new List<string>();
        page.PageError += (_, error) => wrong.Add($"script: {error}");
        return wrong;
    }

    public async Task LookAsync(string name)
    {
        // The policy of the page allows no script but its own files; the browser's own console may.
        await page.EvaluateAsync(fixture.Axe);
        var found = await page.EvaluateAsync<JsonElement>($"async () => (await axe.run(document, {{ runOnly: {Rules} }})).violations.map(v => ({{ id: v.id, where: v.nodes.map(n => n.html.slice(0, 160)) }}))");
        wrong.AddRange(found.EnumerateArray().Select(violation => $"{name}: {violation}"));
        if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over) wrong.Add($"{name}: {over} px too wide");
        await page.EvaluateAsync("async () => { for (const image of document.images) image.loading = 'eager'; await Promise.all([...document.images].filter(i => !i.complete).map(i => new Promise(done => i.onload = i.onerror = done))); }");
        await page.ScreenshotAsync(new() { Path = Path.Combine(BrowserFixture.Pictures, $"{name}-{dress}.png"), FullPage = true });
    }
}
