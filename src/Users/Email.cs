using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Rosa.Users;

/// <summary>An e-mail address that mail can be sent to.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class EmailAttribute() : ValidationAttribute("This is not an e-mail address.")
{
    public override bool IsValid(object? value) => value is null || (value is string text && Email.IsValid(text));
}

static partial class Email
{
    /// <summary>RFC 5321 §4.5.3.1.3.</summary>
    public const int Longest = 254;

    /// <summary>The form that is stored and compared: people write theirs in any case.</summary>
    public static string Normalise(string email) => email.Trim().ToLowerInvariant();

    public static bool IsValid(string email) => email.Trim() is { Length: <= Longest } trimmed && Form().IsMatch(trimmed);

    // The HTML standard's form of <input type=email>, with at least one dot in the domain.
    [GeneratedRegex(@"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+\z")]
    private static partial Regex Form();
}
