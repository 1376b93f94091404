namespace Rosa.Host.Tests;

/// <summary>A folder that only its owner may enter, as <c>mktemp -d</c> makes it: PostgreSQL has to work there too.</summary>
sealed class TemporaryFolder : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rosa-test-");

    public DataFolder Data => new(Path.Combine(folder.FullName, "data"));

    public string Root => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}

static class Eventually
{
    /// <summary>Waits long, for slow machines, and fails with what was waited for.</summary>
    public static async Task IsTrueAsync(Func<bool> condition, string what, int withinMinutes = 1)
    {
        for (var attempt = 0; attempt < 1200 * withinMinutes; attempt++)
        {
            if (condition()) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"This did not come true within {withinMinutes} minutes: {what}");
    }
}
