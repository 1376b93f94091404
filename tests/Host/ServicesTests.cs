using System.Runtime.CompilerServices;

namespace Rosa.Host.Tests;

/// <summary>The table says what the services are made of.</summary>
public sealed class ServicesTests
{
    static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [Fact]
    public void Events_are_kept_for_those_services_that_handle_some() => Assert.All(Services.All, service => Assert.Equal(
        Directory.GetFiles(Path.Combine(Root(), "src", service.Section), "*Service.cs").Any(file => File.ReadAllText(file).Contains(".AddEventHandler<", StringComparison.Ordinal)),
        service.HearsEvents()));
}
