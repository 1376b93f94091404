namespace Rosa.Notifications;

/// <summary>The settings of the section <c>Notifications</c>.</summary>
public sealed record NotificationsOptions
{
    /// <summary>Who writes the mails. Default <c>Mamie Rosa &lt;hello@rosa.example&gt;</c>.</summary>
    public string From { get; init; } = "Mamie Rosa <hello@rosa.example>";

    /// <summary>The shop's name in what is written. Default <c>Mamie Rosa</c>.</summary>
    public string ShopName { get; init; } = "Mamie Rosa";

    /// <summary>Where customers find the shop: links in mails lead there. Default <c>http://127.0.0.1:8080</c>, the storefront of this machine.</summary>
    public Uri ShopAddress { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>The shop's currency, ISO 4217, for events that do not say theirs. Default EUR.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>How long a mail waits for its recipient to become known before it fails. Default 1 day.</summary>
    public TimeSpan RecipientWait { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long the send log remembers. Default 365 days.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(365);

    public SmtpOptions Smtp { get; init; } = new();

    public SmsOptions Sms { get; init; } = new();
}

/// <summary>The mail server, section <c>Notifications:Smtp</c>.</summary>
public sealed record SmtpOptions
{
    /// <summary>The mail server's name. Without one nothing is mailed and the send log alone is written.</summary>
    public string? Host { get; init; }

    /// <summary>Default 587, where mail is handed in.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Whether the connection must be encrypted (STARTTLS). Default true.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>Set together with <see cref="Password"/> when the server wants a login.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>How long one mail may take. Default 15 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many mails are on their way at once. Default 4.</summary>
    public int AtOnce { get; init; } = 4;
}

/// <summary>The provider of short messages, section <c>Notifications:Sms</c>.</summary>
public sealed record SmsOptions
{
    /// <summary>Where a message is posted. Without it none is sent and the send log alone is written.</summary>
    public Uri? Url { get; init; }

    /// <summary>Sent as the bearer token.</summary>
    public string? Key { get; init; }

    /// <summary>Who writes. Default <c>Rosa</c>.</summary>
    public string From { get; init; } = "Rosa";

    /// <summary>How long one message may take. Default 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
