using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Rosa.Platform.Hosting;

/// <summary>
/// <c>--settings FILE</c>: a JSON file under all other layers of configuration, for whoever starts a service and has secrets to hand over. Unlike
/// environment variables and arguments, its owner alone can read it.
/// </summary>
static class SettingsFile
{
    public const string Option = "--settings";

    public static void Add(ConfigurationManager configuration, string[] args)
    {
        var at = Array.IndexOf(args, Option);
        if (at < 0 || at + 1 == args.Length) return;
        var source = new JsonConfigurationSource { Path = Path.GetFullPath(args[at + 1]), Optional = false };
        source.ResolveFileProvider();
        configuration.Sources.Insert(0, source);
    }
}
