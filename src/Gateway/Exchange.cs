namespace Rosa.Gateway;

/// <summary>What the gateway knows of a request on its way: who asks, and what became of it.</summary>
sealed class Exchange(Visitor visitor)
{
    public Visitor Visitor { get; } = visitor;

    /// <summary>The service that was asked; null when the gateway answered by itself.</summary>
    public string? Service { get; set; }

    /// <summary><c>hit</c> or <c>miss</c>; null where nothing is cached.</summary>
    public string? Cache { get; set; }

    /// <summary>Bytes of the answer's body.</summary>
    public long Bytes { get; set; }

    public static Exchange Of(HttpContext context) => context.Features.Get<Exchange>()!;
}
