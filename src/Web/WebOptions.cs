using System.ComponentModel.DataAnnotations;

namespace Rosa.Web;

/// <summary>The section <c>Web</c>: what the fronts have in common.</summary>
public sealed class WebOptions
{
    /// <summary>The look: <c>mamie-rosa</c> or <c>greenleaf</c>. Default <c>mamie-rosa</c>.</summary>
    [RegularExpression("^(mamie-rosa|greenleaf)$")]
    public string Theme { get; init; } = "mamie-rosa";

    /// <summary>The shop's name. Default: the theme's.</summary>
    public string? Name { get; init; }

    /// <summary>An SVG file with the shop's sign, instead of the theme's.</summary>
    public string? LogoFile { get; init; }

    /// <summary>Colours that replace the theme's, by token: <c>Web:Colours:accent</c> = <c>light-dark(#b5472f, #f0957d)</c>.</summary>
    public Dictionary<string, string> Colours { get; init; } = [];

    /// <summary>The address that people type, such as <c>https://shop.example</c>. Default: whatever the request names.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>What sessions are encrypted with: 32 characters or more, the same for all instances. Default: made at random at each start.</summary>
    [MinLength(32)]
    public string? SessionKey { get; init; }

    /// <summary>How long a session cookie is kept by the browser. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "400.00:00:00")]
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed: addresses or networks, separated by commas. Default none.</summary>
    public string TrustedProxies { get; init; } = "";

    /// <summary>The currency that prices are shown in, ISO 4217. Default <c>EUR</c>.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; init; } = "EUR";

    /// <summary>Memory for pictures, in MB. Default 32.</summary>
    [Range(1, 4096)]
    public int PicturesMegabytes { get; init; } = 32;
}
