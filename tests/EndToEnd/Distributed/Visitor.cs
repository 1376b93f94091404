using System.Net;
using System.Text.RegularExpressions;

namespace Rosa.EndToEnd.Tests.Distributed;

/// <summary>A browser without scripts: keeps its cookies, and fills in the forms of the pages that it was shown.</summary>
sealed partial class Visitor : IDisposable
{
    readonly CookieContainer cookies = new();
    readonly HttpClient http;

    public Visitor(Uri shop) => http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = shop, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Goes with every request from here on.</summary>
    public string? Traceparent { get; set; }

    /// <summary>The last page, as it came.</summary>
    public string Page { get; private set; } = "";

    /// <summary>What the browser keeps for the shop.</summary>
    public IEnumerable<string> Cookies => cookies.GetAllCookies().Select(cookie => cookie.Value);

    /// <summary>The value of a field of the last page.</summary>
    public string Field(string name) => WebUtility.HtmlDecode(AttributeOf(Input().Matches(Page).Select(match => match.Value).First(input => AttributeOf(input, "name") == name), "value"));

    /// <summary>Opens a page, and goes on to where it leads.</summary>
    public async Task OpenAsync(string path)
    {
        for (var leadsTo = path; leadsTo is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, leadsTo);
            request.Headers.TryAddWithoutValidation("Accept", "text/html");
            using var answer = await SendAsync(request);
            Assert.True((int)answer.StatusCode < 400, $"{leadsTo}: {answer.StatusCode} {Page}");
            leadsTo = answer.Headers.Location?.ToString();
        }
    }

    /// <summary>Sends a form of the last page. Returns where it leads to: null when it is shown again.</summary>
    public async Task<string?> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Append(("_csrf", Field("_csrf"))).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        };
        request.Headers.TryAddWithoutValidation("Origin", http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var answer = await SendAsync(request);
        Assert.True((int)answer.StatusCode < 500, $"{path}: {answer.StatusCode} {Page}");
        return answer.Headers.Location?.ToString();
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Traceparent is not null) request.Headers.Add("traceparent", Traceparent);
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (text.Length > 0) Page = text;
        return answer;
    }

    static string AttributeOf(string tag, string name) => Regex.Match(tag, $"\\b{name}=\"([^\"]*)\"").Groups[1].Value;

    public void Dispose() => http.Dispose();

    [GeneratedRegex("<input [^>]*>")]
    private static partial Regex Input();
}
