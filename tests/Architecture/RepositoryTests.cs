using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Rosa.Architecture.Tests;

/// <summary>What the repository promises about itself, read from its files.</summary>
public sealed class RepositoryTests
{
    static readonly string root = FindRoot();

    static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    public static TheoryData<string> ServiceProjects() =>
        [.. Directory.GetFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name is not ("Rosa.Contracts" or "Rosa.Platform" or "Rosa.Web" or "Rosa.Host" or "Rosa.Cli"))];

    [Theory]
    [MemberData(nameof(ServiceProjects))]
    public void A_service_refers_to_contracts_and_platform_and_to_no_other_service(string project)
    {
        var path = Directory.GetFiles(Path.Combine(root, "src"), $"{project}.csproj", SearchOption.AllDirectories).Single();
        var references = XDocument.Load(path).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        string[] allowed = project is "Rosa.Storefront" or "Rosa.Backoffice" ? ["Rosa.Platform", "Rosa.Web"] : ["Rosa.Contracts", "Rosa.Platform"];
        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(ServiceProjects))]
    public void A_service_is_a_flat_folder_with_a_readme_and_a_program_of_its_own(string project)
    {
        var folder = Path.Combine(root, "src", project["Rosa.".Length..]);
        Assert.True(File.Exists(Path.Combine(folder, "README.md")), "README.md");
        Assert.True(File.Exists(Path.Combine(folder, "Program.cs")), "Program.cs");
        Assert.True(File.ReadAllLines(Path.Combine(folder, "Program.cs")).Length <= 20);
    }

    [Fact]
    public void Contracts_stand_on_nothing_of_ours_and_platform_on_contracts_alone()
    {
        static IEnumerable<string> References(string project) =>
            XDocument.Load(Path.Combine(root, "src", project, $"Rosa.{project}.csproj")).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value);
        Assert.Empty(References("Contracts"));
        Assert.All(References("Web"), reference => Assert.EndsWith("Rosa.Platform.csproj", reference));
        Assert.All(References("Platform"), reference => Assert.EndsWith("Rosa.Contracts.csproj", reference));
    }

    [Theory]
    [InlineData("Storefront", "Backoffice")]
    [InlineData("Backoffice", "Storefront")]
    public void A_front_is_deployed_without_anything_of_the_other(string front, string other)
    {
        // As built with these tests: bin/<configuration>/<framework> of each.
        var built = Path.GetRelativePath(Path.Combine(root, "tests", "Architecture"), AppContext.BaseDirectory);
        var files = Directory.GetFiles(Path.Combine(root, "src", front, built), "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => Path.GetFileName(file) == $"Rosa.{front}.dll");
        var name = Encoding.UTF8.GetBytes($"Rosa.{other}");
        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith($"Rosa.{other}", StringComparison.Ordinal));
        var own = files.Where(file => Path.GetFileName(file).StartsWith($"Rosa.{front}.", StringComparison.Ordinal));
        Assert.DoesNotContain(own, file => File.ReadAllBytes(file).AsSpan().IndexOf(name) >= 0);
    }

    [Fact]
    public void Every_package_has_its_reason_in_the_decisions()
    {
        var reasons = string.Concat(Directory.GetFiles(Path.Combine(root, "docs", "decisions"), "*.md").Select(File.ReadAllText));
        var packages = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);
        var without = packages.Where(package => !reasons.Contains(package, StringComparison.Ordinal)).ToList();
        Assert.True(without.Count == 0, string.Join(", ", without));
    }

    [Fact]
    public void Every_setting_is_documented()
    {
        var documented = File.ReadAllText(Path.Combine(root, "docs", "configuration.md"));
        var options = System.Reflection.Assembly.Load("Rosa.Host").GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Rosa.", StringComparison.Ordinal))
            .SelectMany(name => System.Reflection.Assembly.Load(name).GetTypes()).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.Namespace == $"Rosa.{type.Name[..^"Options".Length]}").ToList();
        Assert.NotEmpty(options);

        var missing = options.SelectMany(type => type.GetProperties().Where(property => property.Name is not "EqualityContract")
            .Select(property => $"{type.Name[..^"Options".Length]}:{property.Name}")).Where(setting => !documented.Contains(setting, StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }
}
