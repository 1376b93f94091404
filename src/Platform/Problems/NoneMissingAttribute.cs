using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace Rosa.Platform.Problems;

/// <summary>A list of a request in which no item is <c>null</c>: JSON allows it, whatever C# says of the items' type.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NoneMissingAttribute() : ValidationAttribute("{0} holds a null.")
{
    public override bool IsValid(object? value) => value is not IEnumerable items || !items.Cast<object?>().Contains(null);
}
