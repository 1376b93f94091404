using System.Text.Json;

namespace Rosa.Host;

/// <summary>What a person needs once Rosa runs: where to look, and how to sign in.</summary>
static class Addresses
{
    /// <summary>For a terminal only, never for a log: it shows passwords, those that <c>rosa.json</c> holds.</summary>
    public static void Print(DataFolder folder, TextWriter to)
    {
        using var rosa = JsonDocument.Parse(File.ReadAllBytes(folder.RosaJson));
        var root = rosa.RootElement;
        to.WriteLine();
        foreach (var (entrance, label) in (ReadOnlySpan<(string, string)>)[("storefront", "Shop"), ("backoffice", "Back office"), ("gateway", "API")])
        {
            if (root.GetProperty(entrance).GetString() is { } url) to.WriteLine($"  {label,-14} {url}");
        }
        foreach (var service in root.GetProperty("services").EnumerateObject().Where(service => service.Name is not ("gateway" or "storefront" or "backoffice")))
        {
            var grpc = service.Value.GetProperty("grpc").GetString() is { } url ? $"   gRPC {url}" : "";
            to.WriteLine($"  {service.Name,-14} {service.Value.GetProperty("http").GetString()}{grpc}");
        }
        to.WriteLine();
        foreach (var login in root.GetProperty("logins").EnumerateObject())
        {
            to.WriteLine($"  {login.Name,-14} {login.Value.GetProperty("email").GetString(),-24} {login.Value.GetProperty("password").GetString()}");
        }
        to.WriteLine();
        to.WriteLine($"  For programs: {folder.RosaJson}");
        to.WriteLine();
    }
}
