using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Rosa.Payments;

/// <summary>The section <c>Payments</c>.</summary>
sealed class PaymentsOptions
{
    public const string TestProvider = "test", HostedProvider = "hosted";

    /// <summary>Who moves the money: <c>test</c>, the built-in one that plays, or <c>hosted</c>, one that is reached over HTTP. Default <c>test</c>.</summary>
    [AllowedValues(TestProvider, HostedProvider)]
    public string Provider { get; init; } = TestProvider;

    /// <summary>Where the hosted provider is, and what it and we know each other by.</summary>
    public HostedOptions Hosted { get; init; } = new();

    /// <summary>How long the provider's events are remembered: against repetition, and to be looked at. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan KeepProviderEvents { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a caller waits for the provider before the answer is PENDING. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one call to the provider may take; what became of it is then asked. Default 6 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ProviderTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The pause before an unknown outcome is asked about again; it doubles with every attempt, up to ten times as long for a charge and sixty for a refund. A charge in processing: after a tenth of its age, at most 30 seconds. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the provider may fail one charge before it is voided and the payment has failed. Default 4.</summary>
    [Range(1, 10)]
    public int ProviderTries { get; init; } = 4;

    /// <summary>When a payment whose outcome is still unknown is voided at the provider and has failed; shorter than what Orders waits. Default 75 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>How often unknown outcomes are looked for. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ResolveEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long the test provider approves <c>tok_slow</c>. Default 8 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan TestProviderSlowness { get; init; } = TimeSpan.FromSeconds(8);
}

/// <summary>The section <c>Payments:Hosted</c>; wanted when <see cref="PaymentsOptions.Provider"/> is <c>hosted</c>.</summary>
sealed class HostedOptions
{
    const int ShortestSecret = 16;

    /// <summary>The provider's API. https, or http on this machine. No default.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Sent to the provider as the bearer token. No default.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>The provider signs its webhooks with it. At least 16 characters. No default.</summary>
    public string WebhookSecret { get; init; } = "";

    public byte[] WebhookSecretBytes => Encoding.UTF8.GetBytes(WebhookSecret);

    public bool IsComplete =>
        BaseUrl is { IsAbsoluteUri: true } url && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && ApiKey.Length > 0 && WebhookSecret.Length >= ShortestSecret;
}
