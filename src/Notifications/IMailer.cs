using Rosa.Notifications.Templates;

namespace Rosa.Notifications;

/// <summary>A mail to one person.</summary>
/// <param name="MessageId">The same at every try: a mail server or program that has seen it drops a second copy.</param>
sealed record Mail(Guid MessageId, string To, Message Message);

/// <summary>The port to the world's mail.</summary>
interface IMailer
{
    /// <summary>False when there is no mail server: then the send log is all there is.</summary>
    bool Sends { get; }

    /// <summary>Returns when the mail server has taken the mail over; throws when that is not sure.</summary>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}

/// <summary>For shops without a mail server, such as a developer's.</summary>
sealed class NoMailer : IMailer
{
    public bool Sends => false;

    public Task SendAsync(Mail mail, CancellationToken cancellationToken) => Task.CompletedTask;
}
