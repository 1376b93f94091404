using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Hosting;

namespace Rosa.Web;

/// <summary>
/// Style, script, fonts and drawings of the kit and of the front, from memory: the name holds a hash of the content, so that browsers keep them for
/// ever, and they are compressed once, at start.
/// </summary>
public sealed partial class Assets
{
    const string Folder = "/assets/";

    sealed record Asset(string Name, string Type, string Tag, byte[] Plain, byte[]? Gzip, byte[]? Brotli);

    readonly FrozenDictionary<string, Asset> byAddress;
    readonly FrozenDictionary<string, string> addresses;

    public Assets(Front front, WebOptions options, Shop shop)
    {
        var files = Read(front, options);
        var made = new Dictionary<string, Asset>();
        var hashed = new Dictionary<string, string>();
        void Add(string name, byte[] content)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..10];
            var address = $"{Folder}{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}";
            hashed[name] = address;
            made[address] = Compressed(name, hash, content);
        }

        // Fonts and drawings first: the style names them.
        foreach (var (name, content) in files.Where(file => !IsText(file.Key))) Add(name, content);
        foreach (var (name, content) in files.Where(file => file.Key.EndsWith(".js", StringComparison.Ordinal))) Add(name, content);
        Add("site.css", Encoding.UTF8.GetBytes(Style(files, shop, options, hashed)));
        byAddress = made.ToFrozenDictionary();
        addresses = hashed.ToFrozenDictionary();
    }

    /// <summary>The address of an asset by its plain name: <c>site.css</c>.</summary>
    public string this[string name] => addresses[name];

    public bool Has(string name) => addresses.ContainsKey(name);

    /// <summary>Answers a request for an asset; false when it is for something else.</summary>
    public async ValueTask<bool> TryAnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (!path.StartsWith(Folder, StringComparison.Ordinal) || !byAddress.TryGetValue(path, out var asset)) return false;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return false;

        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.ETag = asset.Tag;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";   // a drawing opened on its own runs no script
        if (context.Request.Headers.IfNoneMatch == asset.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var (body, encoding) = asset.Brotli is not null && accepted.Contains("br", StringComparison.Ordinal) ? (asset.Brotli, "br")
            : asset.Gzip is not null && accepted.Contains("gzip", StringComparison.Ordinal) ? (asset.Gzip, "gzip") : (asset.Plain, null);
        if (asset.Brotli is not null) headers.Vary = "Accept-Encoding";
        if (encoding is not null) headers.ContentEncoding = encoding;
        context.Response.ContentType = asset.Type;
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
        return true;
    }

    static Dictionary<string, byte[]> Read(Front front, WebOptions options)
    {
        const string prefix = "asset/";
        var files = new Dictionary<string, byte[]>();
        foreach (var assembly in (System.Reflection.Assembly[])[typeof(Assets).Assembly, front.Assembly])
        {
            foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                using var content = new MemoryStream();
                using var stream = assembly.GetManifestResourceStream(resource)!;
                stream.CopyTo(content);
                files[resource[prefix.Length..]] = content.ToArray();
            }
        }
        if (options.LogoFile is { } logo) files["logo-own.svg"] = File.ReadAllBytes(logo);
        return files;
    }

    /// <summary>One style sheet: the theme's colours, those of the settings, then the kit's and the front's files in the order of their names.</summary>
    static string Style(Dictionary<string, byte[]> files, Shop shop, WebOptions options, Dictionary<string, string> hashed)
    {
        var style = new StringBuilder();
        style.Append(Encoding.UTF8.GetString(files[$"theme-{shop.Theme}.css"]));
        if (options.Colours.Count > 0)
        {
            style.Append(":root{");
            foreach (var (token, colour) in options.Colours.Where(colour => Token().IsMatch(colour.Key) && Colour().IsMatch(colour.Value))) style.Append($"--{token}:{colour};");
            style.Append('}');
        }
        foreach (var (name, content) in files.Where(file => file.Key.EndsWith(".css", StringComparison.Ordinal) && !file.Key.StartsWith("theme-", StringComparison.Ordinal)))
            style.Append(Encoding.UTF8.GetString(content));

        var small = Comments().Replace(style.ToString(), "");
        small = Gaps().Replace(small, " ").Replace(" {", "{", StringComparison.Ordinal).Replace("{ ", "{", StringComparison.Ordinal)
            .Replace("; ", ";", StringComparison.Ordinal).Replace(";}", "}", StringComparison.Ordinal).Replace("} ", "}", StringComparison.Ordinal);
        return Urls().Replace(small, match => hashed.TryGetValue(match.Groups[1].Value, out var address) ? $"url({address})" : match.Value);
    }

    static Asset Compressed(string name, string hash, byte[] content)
    {
        var worthIt = Path.GetExtension(name) is ".css" or ".js" or ".svg";
        return new Asset(name, TypeOf(name), $"\"{hash}\"", content,
            worthIt ? Compress(content, to => new GZipStream(to, CompressionLevel.SmallestSize)) : null,
            worthIt ? Compress(content, to => new BrotliStream(to, CompressionLevel.SmallestSize)) : null);
    }

    static byte[] Compress(byte[] content, Func<Stream, Stream> by)
    {
        using var to = new MemoryStream();
        using (var stream = by(to)) stream.Write(content);
        return to.ToArray();
    }

    static bool IsText(string name) => Path.GetExtension(name) is ".css" or ".js";

    static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };

    [GeneratedRegex(@"url\(([\w.-]+)\)")]
    private static partial Regex Urls();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Gaps();

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex Token();

    [GeneratedRegex(@"^[\w#(),.%/ -]+$")]
    private static partial Regex Colour();
}
