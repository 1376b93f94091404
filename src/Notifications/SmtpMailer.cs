using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Rosa.Notifications;

/// <summary>Hands mails to a mail server by SMTP, each as plain text and HTML.</summary>
sealed class SmtpMailer(IOptions<NotificationsOptions> options) : IMailer
{
    readonly MailAddress from = new(options.Value.From);
    readonly SmtpOptions server = options.Value.Smtp;

    public bool Sends => true;

    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(server.Timeout);
        using var client = new SmtpClient(server.Host, server.Port)
        {
            EnableSsl = server.Tls,
            // Seven bits, which every server and mail program reads, unless the address itself needs more.
            DeliveryFormat = Ascii.IsValid(mail.To) ? SmtpDeliveryFormat.SevenBit : SmtpDeliveryFormat.International,
            Credentials = server.User is { Length: > 0 } user ? new NetworkCredential(user, server.Password) : null,
        };
        using var message = Message(mail);
        try
        {
            await client.SendMailAsync(message, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The mail server did not answer in time.");
        }
    }

    MailMessage Message(Mail mail)
    {
        var message = new MailMessage(from, new MailAddress(mail.To))
        {
            Subject = mail.Message.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Message.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        message.Headers.Add("Message-ID", $"<{mail.MessageId}@{from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");   // RFC 3834: no out-of-office answers, please
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Message.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return message;
    }
}
