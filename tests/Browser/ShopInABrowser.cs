using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rosa.Testing;

namespace Rosa.Browser.Tests;

/// <summary>One shop and one Chromium for all journeys.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    static readonly string[] places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    IPlaywright playwright = null!;

    public RunningShop Shop { get; private set; } = null!;

    public IBrowser Chromium { get; private set; } = null!;

    /// <summary>What looks for everything that keeps people out (axe-core).</summary>
    public string Axe { get; private set; } = "";

    /// <summary>Where pictures of the pages go.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "screens")).FullName;

    static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    public async ValueTask InitializeAsync()
    {
        Axe = await File.ReadAllTextAsync(Path.Combine(await NodeFolder.InstalledAsync("node-axe"), "node_modules", "axe-core", "axe.min.js"));
        Shop = await RunningShop.StartAsync();
        playwright = await Playwright.CreateAsync();
        Chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROME_PATH") ?? places.First(File.Exists),
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        });
    }

    /// <summary>A person's own window on the shop.</summary>
    public Task<IPage> OpenAsync(string language = "fr", int width = 1440, bool scripts = true, ColorScheme look = ColorScheme.Light) =>
        OpenAtAsync(Shop.Storefront, language, width, scripts, look);

    /// <summary>A person's own window on a front.</summary>
    public async Task<IPage> OpenAtAsync(Uri front, string language, int width, bool scripts, ColorScheme look)
    {
        var context = await Chromium.NewContextAsync(new()
        {
            BaseURL = front.ToString(),
            Locale = language == "fr" ? "fr-FR" : "en-GB",
            ViewportSize = new() { Width = width, Height = width < 600 ? 740 : 900 },
            JavaScriptEnabled = scripts,
            ColorScheme = look,
        });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Chromium is not null) await Chromium.DisposeAsync();
        playwright?.Dispose();
        if (Shop is not null) await Shop.DisposeAsync();
    }
}

[CollectionDefinition(nameof(BrowserCollection))]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>;

/// <summary>What a customer does, by what they see.</summary>
static class Customer
{
    public const string Password = "une phrase bien longue 42";

    /// <summary>Returns when the page with this address, in which ** stands for anything, can be read.</summary>
    /// <remarks>Asks the page itself: of a busy browser, Playwright hears of some page only much later, or never, that it has loaded.</remarks>
    public static async Task ArriveAsync(this IPage page, string address)
    {
        var pattern = new Regex("^" + Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal) + "$");
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                if (pattern.IsMatch(page.Url) && await page.EvaluateAsync<string>("document.readyState") != "loading") return;
            }
            catch (PlaywrightException)
            {
                // This page was being left.
            }
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), $"arrived at {page.Url}, not at {address}");
        }
    }

    public static async Task PutSomethingInTheCartAsync(this IPage page)
    {
        await page.GotoAsync("/search?inStock=true&sort=-price");
        await page.Locator(".card-link").First.ClickAsync();
        await page.Locator(".product-form button.primary").ClickAsync();
        await page.Locator(".cart-count, .line").First.WaitForAsync();
        await page.GotoAsync("/cart");
    }

    public static async Task RegisterAsync(this IPage page)
    {
        await page.FillAsync("[name=firstName]", "Zoé");
        await page.FillAsync("[name=lastName]", "Martin");
        await page.FillAsync("[name=email]", $"{Guid.CreateVersion7():n}@rosa.example");
        await page.FillAsync("[name=password]", Password);
        await page.Locator(".door button.primary").ClickAsync();
    }

    public static async Task GoToCheckoutAsync(this IPage page)
    {
        await page.PutSomethingInTheCartAsync();
        await page.Locator(".side a.primary").ClickAsync();
        await page.Locator("a[href^='/register']").ClickAsync();
        await page.RegisterAsync();
        await page.ArriveAsync("**/checkout");
    }

    public static async Task FillAddressAsync(this IPage page)
    {
        await page.FillAsync("[name=line1]", "12 rue des Lilas");
        await page.FillAsync("[name=postalCode]", "75011");
        await page.FillAsync("[name=city]", "Paris");
    }

    public static Task PayAsync(this IPage page) => page.Locator("button[value=pay]").ClickAsync();
}
