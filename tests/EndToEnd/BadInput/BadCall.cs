using System.Net.Http.Headers;

namespace Rosa.EndToEnd.Tests.BadInput;

/// <summary>One call with something wrong with it.</summary>
/// <param name="What">What is wrong, for the message of a failed test.</param>
/// <param name="MustRefuse">No answer but a refusal is right.</param>
public sealed record BadCall(ApiOperation Operation, string What, HttpMethod Method, string PathAndQuery, bool MustRefuse)
{
    static readonly UriCreationOptions verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public string? Token { get; init; }

    public byte[]? Body { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    public (string Name, string Value)? Header { get; init; }

    public HttpRequestMessage Request(Uri gateway)
    {
        var request = new HttpRequestMessage(Method, new Uri(gateway.GetLeftPart(UriPartial.Authority) + PathAndQuery, verbatim));
        if (Token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Token);
        if (Header is { } header) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (Body is null) return request;
        request.Content = new ByteArrayContent(Body);
        // Who sends a body that will be refused while it is under way may lose the answer with the connection (RFC 9110 §10.1.1): ask first.
        if (Body.Length > 1_000_000) request.Headers.ExpectContinue = true;
        if (ContentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        if (ContentEncoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", ContentEncoding);
        return request;
    }

    public override string ToString() => $"{Method} {Operation.Path}: {What}";
}
