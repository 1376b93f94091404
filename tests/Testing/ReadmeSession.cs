using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Rosa.Testing;

/// <summary>What the README tells a newcomer to paste.</summary>
public static partial class ReadmeSession
{
    /// <param name="readme">The path of the README.</param>
    public static async Task<string> ReadAsync(string readme) => Session().Match(await File.ReadAllTextAsync(readme)).Groups["text"].Value;

    /// <summary>Pastes it into a shell.</summary>
    /// <param name="session">Of <see cref="ReadAsync"/>.</param>
    /// <param name="folder">Where the newcomer stands: the shop's <c>.rosa</c> is in it.</param>
    /// <returns>What was said, line by line, without empty ones; and what the shell complained of.</returns>
    public static async Task<(IReadOnlyList<string> Lines, string Errors)> RunAsync(string session, string folder)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-u"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await bash.StandardInput.WriteAsync(session);
        bash.StandardInput.Close();
        var (said, errors) = (await bash.StandardOutput.ReadToEndAsync(), await bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        return (said.Split('\n', StringSplitOptions.RemoveEmptyEntries), errors);
    }

    [GeneratedRegex("<!-- session -->\\s*```bash\\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Session();
}
