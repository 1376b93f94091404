using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Rosa.Users;

/// <summary>A phone number with its country (E.164), as people write it: <c>+33 6 12 34 56 78</c>. Empty: none.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PhoneNumberAttribute() : ValidationAttribute("A phone number begins with + and its country: +33 6 12 34 56 78.")
{
    public override bool IsValid(object? value) => value is null or "" || (value is string { Length: <= 30 } text && PhoneNumber.IsValid(text));
}

static partial class PhoneNumber
{
    public static bool IsValid(string text) => E164().IsMatch(Normalise(text));

    /// <summary>Without what people write between the digits.</summary>
    public static string Normalise(string text) => Ornament().Replace(text, "");

    [GeneratedRegex(@"\A\+[1-9][0-9]{5,14}\z")]
    private static partial Regex E164();

    [GeneratedRegex(@"[ .()/-]")]
    private static partial Regex Ornament();
}
