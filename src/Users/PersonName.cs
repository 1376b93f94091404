using System.ComponentModel.DataAnnotations;

namespace Rosa.Users;

/// <summary>A first or last name: anything people are called, up to 100 characters, without control characters (it is put into mails).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonNameAttribute() : ValidationAttribute("A name has 1 to 100 characters and no control characters.")
{
    const int Longest = 100;

    public override bool IsValid(object? value) => value is null || (value is string { Length: <= Longest } name && !name.Any(char.IsControl));
}
