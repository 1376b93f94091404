using Microsoft.AspNetCore.Components;

namespace Rosa.Web;

/// <summary>What every component has at hand: the visit, and its language's texts by a short name.</summary>
public abstract class View : ComponentBase
{
    [Inject]
    protected Visit Visit { get; set; } = null!;

    [Inject]
    Assets Served { get; set; } = null!;

    protected Texts T => Visit.Texts;

    /// <summary>The address of an asset by its plain name: <c>dog.svg</c>.</summary>
    protected string Asset(string name) => Served[name];

    protected bool HasAsset(string name) => Served.Has(name);

    protected string Money(decimal amount) => T.Price(amount, Visit.Shop.Currency);
}
