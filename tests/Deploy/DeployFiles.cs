using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Rosa.Deploy.Tests;

/// <summary>The files under <c>deploy/</c>, as they lie in the repository.</summary>
static class DeployFiles
{
    public static readonly string Root = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    /// <summary>A YAML file with its anchors and merges followed, as <see cref="YamlNode"/>s.</summary>
    public static YamlNode ReadYaml(params string[] parts)
    {
        // Compose's own tag, which says how files are merged; alone it changes nothing.
        using var text = new StringReader(Read(parts).Replace("!override ", "", StringComparison.Ordinal));
        return new(new DeserializerBuilder().Build().Deserialize<object?>(new MergingParser(new Parser(text))));
    }

    static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}

/// <summary>A mapping, a list, a text, or nothing.</summary>
sealed record YamlNode(object? Value)
{
    public bool IsMissing => Value is null;

    public string? Text => Value as string;

    public YamlNode this[string name] => new(Value is Dictionary<object, object?> mapping ? mapping.GetValueOrDefault(name) : null);

    public IEnumerable<YamlNode> Items => Value is List<object?> list ? list.Select(item => new YamlNode(item)) : [];

    public IReadOnlyDictionary<string, YamlNode> Entries =>
        Value is Dictionary<object, object?> mapping ? mapping.ToDictionary(entry => (string)entry.Key, entry => new YamlNode(entry.Value)) : [];
}
