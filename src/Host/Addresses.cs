using System.Text.Json;

namespace Rosa.Host;

/// <summary>What a person needs once Rosa runs: where to look, and how to sign in.</summary>
static class Addresses
{
    /// <summary>With passwords for a person who looks at it; without where the output may be kept, as in a log.</summary>
    public static void Print(DataFolder folder, TextWriter to, bool withPasswords)
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
            to.WriteLine($"  {login.Name,-14} {login.Value.GetProperty("email").GetString(),-24} {(withPasswords ? login.Value.GetProperty("password").GetString() : "(password in rosa.json)")}");
        }
        to.WriteLine();
        to.WriteLine($"  For programs: {folder.RosaJson}");
        to.WriteLine();
    }
}
