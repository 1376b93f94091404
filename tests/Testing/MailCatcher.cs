using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.Json;

namespace Rosa.Testing;

/// <summary>A mail as a mail program would show it.</summary>
public sealed record CaughtMail(string MessageId, string To, string Subject, string Text, string Html);

/// <summary>A real mail server (maildev) that keeps every mail for the test to read.</summary>
public sealed class MailCatcher : IAsyncDisposable
{
    const string Marker = "marker@rosa.test";
    static readonly Lazy<Task<MailCatcher>> shared = new(StartAsync);

    readonly Process process;
    readonly HttpClient web;
    int markers;

    MailCatcher(Process process, int smtpPort, int webPort)
    {
        this.process = process;
        SmtpPort = smtpPort;
        web = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}") };
    }

    public int SmtpPort { get; }

    /// <summary>The one of this test process, for tests that look for mails to addresses of their own.</summary>
    public static Task<MailCatcher> Shared => shared.Value;

    public static async Task<MailCatcher> StartAsync()
    {
        var folder = await NodeFolder.InstalledAsync("node-mail");

        // Free ports may be taken by somebody else before the catcher has them: then it ends, and others are tried.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await TryStartAsync(folder, FreePorts.One(), FreePorts.One()) is { } catcher) return catcher;
        }
        throw new TimeoutException("maildev does not answer.");
    }

    static async Task<MailCatcher?> TryStartAsync(string folder, int smtp, int http)
    {
        var start = new ProcessStartInfo("node", ["node_modules/maildev/bin/maildev", "--ip", "127.0.0.1", "--smtp", $"{smtp}", "--web", $"{http}", "--silent"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(process);

        var catcher = new MailCatcher(process, smtp, http);
        for (var look = 0; look < 1_200 && !process.HasExited; look++)
        {
            if (await catcher.AnswersAsync()) return catcher;
            await Task.Delay(50);
        }
        await catcher.DisposeAsync();
        return null;
    }

    /// <summary>Every mail that was handed over before this call, oldest first.</summary>
    public async Task<IReadOnlyList<CaughtMail>> MailsAsync()
    {
        // It accepts a mail before it shows it: once one that is sent now is there, so are those before it.
        var marker = $"{Interlocked.Increment(ref markers)}";
        using (var smtp = new SmtpClient("127.0.0.1", SmtpPort)) await smtp.SendMailAsync(Marker, Marker, marker, marker);
        for (var look = 0; look < 3_000; look++)
        {
            var mails = await ListAsync();
            if (mails.Any(mail => mail.To == Marker && mail.Subject == marker)) return [.. mails.Where(mail => mail.To != Marker)];
            await Task.Delay(20);
        }
        throw new TimeoutException("maildev does not show what it accepted.");
    }

    async Task<IReadOnlyList<CaughtMail>> ListAsync()
    {
        var mails = await web.GetFromJsonAsync<JsonElement>("/email");
        return [.. mails.EnumerateArray().Select(mail => new CaughtMail(
            Said(mail, "messageId").Trim('<', '>'), mail.GetProperty("to")[0].GetProperty("address").GetString()!, Said(mail, "subject"), Said(mail, "text"), Said(mail, "html")))];

        static string Said(JsonElement mail, string name) => mail.TryGetProperty(name, out var value) ? value.ToString() : "";
    }

    public async Task<IReadOnlyList<CaughtMail>> MailsToAsync(string address) => [.. (await MailsAsync()).Where(mail => mail.To == address)];

    /// <summary>On both its ports: where it does not get the one for mails, it shows its pages for a moment all the same.</summary>
    async Task<bool> AnswersAsync()
    {
        try
        {
            using var smtp = new TcpClient();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await smtp.ConnectAsync("127.0.0.1", SmtpPort, limit.Token);
            using var greeting = new StreamReader(smtp.GetStream());
            if (await greeting.ReadLineAsync(limit.Token) is not { } said || !said.StartsWith("220", StringComparison.Ordinal)) return false;
            using var answer = await web.GetAsync("/healthz");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    static void Kill(Process process)
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        web.Dispose();
        Kill(process);
        await process.WaitForExitAsync();
    }
}
