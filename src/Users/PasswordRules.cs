using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Rosa.Users;

/// <summary>A password that may be chosen: 10 to 128 characters and not among the common ones.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PasswordAttribute : ValidationAttribute
{
    public override bool IsValid(object? value)
    {
        ErrorMessage = value is string password ? PasswordRules.Refusal(password) : null;
        return ErrorMessage is null;
    }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string password && PasswordRules.Refusal(password) is { } refusal
            ? new ValidationResult(refusal, [validationContext.MemberName ?? "password"])
            : ValidationResult.Success;
}

static class PasswordRules
{
    public const int Shortest = 10;
    public const int Longest = 128;

    /// <summary>Why a password may not be chosen, or null when it may.</summary>
    public static string? Refusal(string password)
    {
        var length = password.EnumerateRunes().Count();
        return length < Shortest ? $"A password has at least {Shortest} characters."
            : length > Longest ? $"A password has at most {Longest} characters."
            : IsCommon(password) ? "This password is among the first that are tried. Choose another."
            : null;
    }

    /// <summary>In the list of common passwords, or of a form that guessing programs try first: one piece repeated, or a run of neighbours.</summary>
    public static bool IsCommon(string password)
    {
        var lower = password.ToLowerInvariant();
        return common.Contains(lower) || IsRepetition(lower) || IsRun(lower, step: 1) || IsRun(lower, step: -1);
    }

    /// <summary>One to three characters over and over: <c>aaaaaaaaaa</c>, <c>1212121212</c>, <c>abcabcabcabc</c>.</summary>
    static bool IsRepetition(string text) => Enumerable.Range(1, 3).Any(period => text[period..].AsSpan().SequenceEqual(text.AsSpan(0, text.Length - period)));

    /// <summary>Each character the neighbour of the one before: <c>abcdefghij</c>, <c>9876543210</c>; 0 follows 9.</summary>
    static bool IsRun(string text, int step) => text.Zip(text.Skip(1)).All(pair => pair.Second == pair.First + step
        || (step, pair.First, pair.Second) is (1, '9', '0') or (-1, '0', '9'));

    static readonly HashSet<string> common = ReadCommon();

    static HashSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }
}
