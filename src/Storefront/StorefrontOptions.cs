namespace Rosa.Storefront;

/// <summary>The section <c>Storefront</c>: what the law wants to be said, and what customers may choose. What is not set is shown as missing.</summary>
public sealed class StorefrontOptions
{
    /// <summary>Who sells: the company's full name.</summary>
    public string? Company { get; init; }

    /// <summary>Where it sits, on one line.</summary>
    public string? CompanyAddress { get; init; }

    /// <summary>Its number in the register of companies.</summary>
    public string? CompanyNumber { get; init; }

    /// <summary>Its VAT number.</summary>
    public string? VatNumber { get; init; }

    /// <summary>Who answers for what is published.</summary>
    public string? Publisher { get; init; }

    /// <summary>Who runs the machines, with an address.</summary>
    public string? HostingCompany { get; init; }

    /// <summary>Where customers write to.</summary>
    public string? ContactEmail { get; init; }

    /// <summary>Where customers call.</summary>
    public string? ContactPhone { get; init; }

    /// <summary>Whether the cards of the built-in test payment provider are offered. Default true; there is no other provider yet.</summary>
    public bool TestCards { get; init; } = true;

    /// <summary>How many browsers may follow stock or orders live at once; the others see it when they load the page. Default 2,000.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 100_000)]
    public int LiveListeners { get; init; } = 2_000;
}
