using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rosa.Testing;

/// <summary>A mail as a mail program would show it.</summary>
public sealed record CaughtMail(string MessageId, string To, string Subject, string Text, string Html);

/// <summary>A real mail server (maildev) that keeps every mail for the test to read.</summary>
public sealed class MailCatcher : IAsyncDisposable
{
    readonly Process process;
    readonly HttpClient web;

    MailCatcher(Process process, int smtpPort, int webPort)
    {
        this.process = process;
        SmtpPort = smtpPort;
        web = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}") };
    }

    public int SmtpPort { get; }

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
        for (var look = 0; look < 400 && !process.HasExited; look++)
        {
            if (await catcher.AnswersAsync()) return catcher;
            await Task.Delay(50);
        }
        await catcher.DisposeAsync();
        return null;
    }

    /// <summary>Every mail so far, oldest first.</summary>
    public async Task<IReadOnlyList<CaughtMail>> MailsAsync()
    {
        var mails = await web.GetFromJsonAsync<JsonElement>("/email");
        return [.. mails.EnumerateArray().Select(mail => new CaughtMail(
            mail.GetProperty("messageId").GetString()!.Trim('<', '>'), mail.GetProperty("to")[0].GetProperty("address").GetString()!,
            mail.GetProperty("subject").GetString()!, mail.GetProperty("text").GetString()!, mail.GetProperty("html").GetString()!))];
    }

    public async Task<IReadOnlyList<CaughtMail>> MailsToAsync(string address) => [.. (await MailsAsync()).Where(mail => mail.To == address)];

    async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await web.GetAsync("/healthz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
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
