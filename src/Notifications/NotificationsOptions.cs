namespace Rosa.Notifications;

/// <summary>The settings of the section <c>Notifications</c>.</summary>
public sealed record NotificationsOptions
{
    /// <summary>Who writes the mails. Default <c>Mamie Rosa &lt;hello@rosa.example&gt;</c>.</summary>
    public string From { get; init; } = "Mamie Rosa <hello@rosa.example>";

    /// <summary>How long a mail waits for its recipient to become known before it fails. Default 1 day.</summary>
    public TimeSpan RecipientWait { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long the send log remembers. Default 365 days.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(365);

    public SmtpOptions Smtp { get; init; } = new();
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
