using System.Reflection;
using System.Text.RegularExpressions;
using Rosa.Host;
using Rosa.Platform.Hosting;

namespace Rosa.Deploy.Tests;

/// <summary>The compose files say what the table of services and the options of the code say.</summary>
public sealed partial class ComposeTests
{
    static readonly YamlNode production = DeployFiles.ReadYaml("deploy", "compose", "compose.yaml");
    static readonly YamlNode development = DeployFiles.ReadYaml("deploy", "compose", "compose.dev.yaml");

    static IReadOnlyDictionary<string, YamlNode> Settings(Service service) => production["services"][service.Name]["environment"].Entries;

    [Fact]
    public void There_is_a_container_for_every_service_of_the_table_and_Caddy()
    {
        Assert.Equal(Services.All.Select(service => service.Name).Append("caddy").Order(), production["services"].Entries.Keys.Order());
        Assert.All(Services.All, service =>
        {
            var container = production["services"][service.Name];
            Assert.Equal($"${{IMAGES:-rosa}}/{service.Name}:${{VERSION:-latest}}", container["image"].Text);
            Assert.Equal("deploy/docker/Dockerfile", container["build"]["dockerfile"].Text);
            Assert.Equal("../..", container["build"]["context"].Text);
            Assert.Equal(service.Section, container["build"]["args"]["SERVICE"].Text);
        });
    }

    [Fact]
    public void Every_service_knows_where_all_of_them_are_and_follows_their_names() => Assert.All(Services.All, service =>
    {
        var settings = Settings(service);
        Assert.Equal("dns", settings["Discovery__Source"].Text);
        foreach (var other in Services.All)
        {
            Assert.Equal($"http://{other.Name}:{other.Port}", settings[$"Services__{other.Name}__Http"].Text);
            Assert.Equal(other.GrpcPort is { } port ? $"http://{other.Name}:{port}" : null, settings.GetValueOrDefault($"Services__{other.Name}__Grpc")?.Text);
        }
    });

    [Fact]
    public void Every_service_that_owns_a_database_has_its_own_and_the_others_have_none() => Assert.All(Services.All, service =>
    {
        var expected = service.OwnsDatabase() ? $"${{POSTGRES:?}};Database={service.Name};Username={service.Name};Password=${{{service.Name.ToUpperInvariant()}_DATABASE_PASSWORD:?}}" : null;
        Assert.Equal(expected, Settings(service).GetValueOrDefault("Database__ConnectionString")?.Text);
    });

    [Fact]
    public void Events_wait_for_those_who_hear_them()
    {
        var hearing = Services.All.Where(service => service.HearsEvents()).Select(service => service.Name).Order();
        Assert.All(Services.All, service => Assert.Equal(hearing, Settings(service)["RabbitMq__Listeners"].Text!.Split(' ').Order()));
    }

    [Fact]
    public void Every_service_has_a_secret_of_its_own_which_Users_knows()
    {
        var users = Settings(Services.All.Single(service => service.Name == "users"));
        Assert.All(Services.All, service =>
        {
            var secret = $"${{{service.Name.ToUpperInvariant()}_SECRET:?}}";
            Assert.Equal(secret, Settings(service)["Identity__ServiceSecret"].Text);
            Assert.Equal(secret, users[$"Identity__ServiceSecrets__{service.Name}"].Text);
        });
        Assert.All(Services.All.Where(service => service.IsFront()), front => Assert.Equal($"${{{front.Name.ToUpperInvariant()}_SESSION_KEY:?}}", Settings(front)["Web__SessionKey"].Text));
    }

    [Fact]
    public void Every_setting_is_one_that_the_code_reads()
    {
        var platform = string.Concat(Directory.GetFiles(DeployFiles.PathOf("src", "Platform"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var overlaid = Services.All.SelectMany(service => development["services"][service.Name]["environment"].Entries.Keys);
        var names = Services.All.SelectMany(service => Settings(service).Keys).Concat(overlaid).Distinct().ToList();
        Assert.True(names.Count > 60, $"{names.Count} settings");
        Assert.All(names, name =>
        {
            var path = name.Split("__");
            var known = OptionsOf(path[0]) is { } options
                ? IsSetting(options, path[1..])
                : path[0] == "Services" ? platform.Contains("Services:{service}:" + path[2], StringComparison.Ordinal)
                : name.StartsWith("Identity__ServiceSecrets__", StringComparison.Ordinal) || platform.Contains($"\"{name.Replace("__", ":", StringComparison.Ordinal)}\"", StringComparison.Ordinal);
            Assert.True(known, $"{name} is no setting");
        });
    }

    [Fact]
    public void The_example_has_every_variable_of_the_files_and_no_other()
    {
        var used = new[] { "compose.yaml", "compose.dev.yaml" }.SelectMany(file => Variable().Matches(Uncommented(DeployFiles.Read("deploy", "compose", file))).Select(variable => variable.Groups["name"].Value));
        var passedOn = new[] { production, development }.SelectMany(file => file["services"].Entries.Values.Concat([new YamlNode(null)]))
            .SelectMany(container => container["environment"].Entries).Where(setting => setting.Value.IsMissing).Select(setting => setting.Key);
        var documented = Documented().Matches(DeployFiles.Read("deploy", "compose", ".env.example")).Select(line => line.Groups["name"].Value).ToList();
        Assert.Equal(documented.Count, documented.Distinct().Count());
        Assert.Equal(used.Concat(passedOn).Append("COMPOSE_FILE").Distinct().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_secret_stands_in_the_repository() => Assert.All(
        DeployFiles.Read("deploy", "compose", ".env.example").Split('\n').Where(line => Secret().IsMatch(line)), line => Assert.EndsWith("=", line, StringComparison.Ordinal));

    [Fact]
    public void Containers_may_do_nothing_that_they_need_not() => Assert.All(production["services"].Entries, entry =>
    {
        var container = entry.Value;
        Assert.Equal("unless-stopped", container["restart"].Text);
        Assert.Equal("true", container["read_only"].Text);
        Assert.Contains(container["tmpfs"].Items, folder => folder.Text!.StartsWith("/tmp", StringComparison.Ordinal));
        Assert.Equal(["ALL"], container["cap_drop"].Items.Select(item => item.Text));
        Assert.Equal(["no-new-privileges:true"], container["security_opt"].Items.Select(item => item.Text));
        Assert.False(container["deploy"]["resources"]["limits"]["pids"].IsMissing);
        Assert.False(container["deploy"]["resources"]["limits"]["memory"].IsMissing);
        Assert.False(container["deploy"]["resources"]["limits"]["cpus"].IsMissing);
        Assert.Equal("json-file", container["logging"]["driver"].Text);
    });

    [Fact]
    public void Caddy_alone_is_reached_from_outside_and_reaches_the_entrances_alone()
    {
        var containers = production["services"].Entries;
        Assert.Equal("caddy", Assert.Single(containers, container => !container.Value["ports"].IsMissing).Key);
        Assert.Equal(["backoffice", "caddy", "gateway", "storefront"], containers.Where(container => Networks(container.Value).Contains("edge")).Select(container => container.Key).Order());
        Assert.Equal(["edge"], Networks(containers["caddy"]));
        Assert.All(development["services"].Entries.SelectMany(container => container.Value["ports"].Items), port => Assert.StartsWith("127.0.0.1:", port.Text, StringComparison.Ordinal));

        static IEnumerable<string?> Networks(YamlNode container) => container["networks"].Items.Select(network => network.Text);
    }

    [Fact]
    public void What_is_needed_is_healthy_first()
    {
        Assert.Equal(["backoffice", "gateway", "storefront"], Healthy(production, "caddy"));
        Assert.Equal(["catalog", "orders", "payments", "promotions", "users"], Healthy(production, "gateway"));
        Assert.All(Services.All.Where(service => service.IsFront()), front => Assert.Equal(["gateway"], Healthy(production, front.Name)));
        Assert.All(Services.All.Where(service => service.OwnsDatabase()), service =>
        {
            Assert.Superset(new HashSet<string> { "rabbitmq", "redis" }, Healthy(development, service.Name).ToHashSet());
            Assert.Equal("service_completed_successfully", development["services"][service.Name]["depends_on"]["databases"]["condition"].Text);
        });
        Assert.Equal(["postgres"], Healthy(development, "databases"));

        // The services' own command is in their image; whoever else is waited for says how they are.
        var waitedFor = new[] { production, development }.SelectMany(file => file["services"].Entries.Keys.SelectMany(name => Healthy(file, name))).Distinct();
        Assert.All(waitedFor.Where(name => Services.All.All(service => service.Name != name)), name => Assert.False(development["services"][name]["healthcheck"].IsMissing, name));
    }

    static IEnumerable<string> Healthy(YamlNode file, string name) =>
        file["services"][name]["depends_on"].Entries.Where(needed => needed.Value["condition"].Text == "service_healthy").Select(needed => needed.Key).Order();

    static Type? OptionsOf(string section) => Services.All.Select(service => service.Assembly).Append(typeof(Web.WebOptions).Assembly).Append(typeof(Service).Assembly)
        .SelectMany(assembly => assembly.GetTypes()).FirstOrDefault(type => type.Name == $"{section}Options" && type.Namespace?.StartsWith("Rosa.", StringComparison.Ordinal) == true);

    static bool IsSetting(Type type, string[] path)
    {
        if (path.Length == 0) return true;
        if (type.GetProperty(path[0], BindingFlags.Public | BindingFlags.Instance) is not { } property) return false;
        return property.PropertyType == typeof(string) ? path.Length == 1 : IsSetting(property.PropertyType, path[1..]);
    }

    static string Uncommented(string yaml) => Comment().Replace(yaml, "");

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:# )?(?<name>[A-Za-z_0-9]+)=", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex("(PASSWORD|SECRET|KEY|Password|Secret|Key)=")]
    private static partial Regex Secret();
}
