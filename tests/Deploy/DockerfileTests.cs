using System.Text.Json;
using System.Text.RegularExpressions;
using Rosa.Host;

namespace Rosa.Deploy.Tests;

/// <summary>The one file that the images of all services are built from.</summary>
public sealed partial class DockerfileTests
{
    static readonly string[] lines = DeployFiles.Read("deploy", "docker", "Dockerfile").Split('\n');
    static readonly string[] image = [.. lines.SkipWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal)).Skip(1).SkipWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal))];

    [Fact]
    public void It_builds_and_runs_with_exact_versions_of_what_the_repository_asks_for()
    {
        var bases = lines.Select(line => Base().Match(line)).Where(match => match.Success).ToDictionary(match => match.Groups["name"].Value, match => Version.Parse(match.Groups["version"].Value));
        Assert.Equal(["aspnet", "sdk"], bases.Keys.Order());

        using var global = JsonDocument.Parse(DeployFiles.Read("global.json"));
        var asked = Version.Parse(global.RootElement.GetProperty("sdk").GetProperty("version").GetString()!);
        Assert.Equal((asked.Major, asked.Minor), (bases["sdk"].Major, bases["sdk"].Minor));   // latestFeature: any of the same minor version that is not older
        Assert.True(bases["sdk"] >= asked);

        var framework = TargetFramework().Match(DeployFiles.Read("Directory.Build.props")).Groups["version"].Value;
        Assert.Equal(framework, bases["aspnet"].ToString(2));
    }

    /// <summary>What a project refers to is copied before it; a new reference would fail in the image alone.</summary>
    [Fact]
    public void It_copies_all_that_the_services_stand_on() => Assert.All(Services.All, service =>
    {
        var shared = new HashSet<string>();
        Refer(service.Section);
        Assert.All(shared, project =>
        {
            Assert.Contains($"COPY src/{project}/Rosa.{project}.csproj src/{project}/packages.lock.json src/{project}/", lines);
            Assert.Contains($"COPY src/{project} src/{project}", lines);
        });

        void Refer(string project)
        {
            foreach (Match reference in ProjectReference().Matches(DeployFiles.Read("src", project, $"Rosa.{project}.csproj")))
            {
                if (shared.Add(reference.Groups["name"].Value)) Refer(reference.Groups["name"].Value);
            }
        }
    });

    [Fact]
    public void The_image_runs_nothing_to_be_made_and_is_not_run_by_root()
    {
        Assert.DoesNotContain(image, line => line.StartsWith("RUN ", StringComparison.Ordinal) || line.StartsWith("ADD ", StringComparison.Ordinal));
        Assert.Contains("USER 10001:10001", image);
        Assert.Contains("ENTRYPOINT [\"/app/service\"]", image);
        Assert.Contains(image, line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal) && line.EndsWith("CMD [\"/app/service\", \"health\"]", StringComparison.Ordinal));
        foreach (var label in (string[])["title", "revision", "source", "licenses"]) Assert.Contains(image, line => line.Contains($"org.opencontainers.image.{label}=", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^FROM mcr\.microsoft\.com/dotnet/(?<name>[a-z]+):(?<version>\d+\.\d+\.\d+)-")]
    private static partial Regex Base();

    [GeneratedRegex(@"<TargetFramework>net(?<version>[\d.]+)</TargetFramework>")]
    private static partial Regex TargetFramework();

    [GeneratedRegex(@"<ProjectReference Include=""\.\.\\(?<name>\w+)\\")]
    private static partial Regex ProjectReference();
}
