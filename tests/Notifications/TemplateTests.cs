using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Notifications.Templates;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

public sealed class TemplateTests : IAsyncLifetime
{
    const string Shipped = "/api/notifications/templates/OrderShipped/email/en";

    Shop shop = null!;
    HttpClient employee = null!;

    public async ValueTask InitializeAsync()
    {
        shop = await Shop.OpenAsync();
        employee = shop.Service.Client(TestTokens.Shared.Employee());
    }

    public ValueTask DisposeAsync()
    {
        employee.Dispose();
        return shop.DisposeAsync();
    }

    static async Task<TemplateAnswer> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<TemplateAnswer>())!;
    }

    static async Task<JsonElement> RefusedAsync(HttpResponseMessage response, int status, string code)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, code), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
        return problem;
    }

    Task<HttpResponseMessage> PutAsync(object body, string? ifMatch = null, string path = Shipped)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return employee.SendAsync(request);
    }

    [Fact]
    public async Task Every_default_uses_only_placeholders_that_there_are_and_exists_in_every_language()
    {
        var notices = (Notices)shop.Service.Services.GetService(typeof(Notices))!;
        foreach (var notice in Notices.All)
        {
            foreach (var ((channel, language), template) in notice.Defaults)
            {
                Assert.Empty(template.Names.Except(notice.PlaceholdersOf(channel, notices.Shop)));
                Assert.All(Notice.Languages, other => Assert.True(notice.Defaults.ContainsKey((channel, other))));
                using var preview = await employee.PostAsJsonAsync(
                    $"/api/notifications/templates/{notice.Event}/{channel}/{language}/preview", new TemplateRequest(template.Subject, template.Text, template.Html));
                var written = await preview.Content.ReadFromJsonAsync<TemplatePreview>();
                Assert.DoesNotContain("{{", written!.Subject + written.Text + written.Html);
                Assert.Equal(channel == Channel.Email, written.Html is not null);
            }
        }
    }

    [Fact]
    public async Task A_template_is_written_used_and_reset()
    {
        var before = await ReadAsync(await employee.GetAsync(Shipped));
        Assert.True(before.IsDefault);
        Assert.Contains("shipping.trackingNumber", before.Placeholders);

        var sms = "/api/notifications/templates/OrderShipped/sms/fr";
        var changed = await ReadAsync(await PutAsync(new { text = "Hop ! {{ shipping.trackingNumber }}" }, path: sms));
        Assert.Equal((false, "Hop ! {{ shipping.trackingNumber }}"), (changed.IsDefault, changed.Text));

        var customer = Shop.Somebody();
        await shop.TellAsync(customer);
        await shop.TellAsync(new Contracts.Orders.OrderShipped(Guid.CreateVersion7(), customer.UserId, "DHL", "1Z333", DateTimeOffset.UtcNow));
        Assert.Equal("Hop ! 1Z333", (await shop.LogWithAsync("?channel=sms", ["LOGGED"])).Notifications[0].Subject);

        Assert.True((await ReadAsync(await employee.DeleteAsync(sms))).IsDefault);
        await using var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString);
        await using var audit = source.CreateCommand("select string_agg(coalesce(text, 'default'), ', ' order by position) from template_changes");
        Assert.Equal("Hop ! {{ shipping.trackingNumber }}, default", await audit.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Two_employees_do_not_write_over_each_other()
    {
        using var read = await employee.GetAsync(Shipped);
        var tag = read.Headers.ETag!.Tag;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => PutAsync(new { subject = $"{i}", text = "x" }, tag)));
        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Except([winner]), answer => Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode));

        using var deleted = await employee.DeleteAsync(Shipped);
        await RefusedAsync(await PutAsync(new { subject = "a", text = "x" }, winner.Headers.ETag!.Tag), 412, "TEMPLATE_CHANGED");
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(new { subject = "a", text = "x" }, "*")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(new { subject = "b", text = "x" })).StatusCode);
    }

    [Fact]
    public async Task An_unknown_placeholder_is_refused_with_those_that_there_are()
    {
        var problem = await RefusedAsync(await PutAsync(new { subject = "a", text = "{{customer.password}}" }), 400, "UNKNOWN_PLACEHOLDER");
        Assert.Equal("customer.password", problem.GetProperty("unknown")[0].GetString());
        Assert.Contains(problem.GetProperty("placeholders").EnumerateArray(), name => name.GetString() == "order.id");
        foreach (var text in new[] { "{{order.id", "order.id}}", "{{ 1 + 1 }}", "{{order.id | raw}}", "{{{{order.id}}" })
            await RefusedAsync(await PutAsync(new { subject = "a", text }), 400, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task Values_are_escaped_in_html_and_their_placeholders_are_not_filled_again()
    {
        var template = new Template("{{a}}", "Hello {{a}} & <you>", "<b>{{a}}</b>");
        var message = template.Write(new Dictionary<string, Value> { ["a"] = "<script>{{a}}</script>\nx" }, "en");
        Assert.Equal("<script>{{a}}</script> x", message.Subject);
        Assert.Equal("Hello <script>{{a}}</script>\nx & <you>\n", message.Text);
        Assert.Contains("<b>&lt;script&gt;{{a}}&lt;/script&gt;<br>x</b>", message.Html);
        var derived = (template with { Html = null }).Write(new Dictionary<string, Value> { ["a"] = "1" }, "en");
        Assert.Contains("<p>Hello 1 &amp; &lt;you&gt;</p>", derived.Html);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task What_makes_no_sense_for_a_channel_is_refused()
    {
        const string sms = "/api/notifications/templates/OrderShipped/sms/fr";
        await RefusedAsync(await PutAsync(new { subject = "a", text = "x" }, path: sms), 400, "VALIDATION_FAILED");
        await RefusedAsync(await PutAsync(new { text = new string('x', 301) }, path: sms), 400, "VALIDATION_FAILED");
        await RefusedAsync(await PutAsync(new { text = "x", html = "<p>x</p>" }, path: sms), 400, "VALIDATION_FAILED");
        await RefusedAsync(await PutAsync(new { text = "x" }), 400, "VALIDATION_FAILED");
        await RefusedAsync(await PutAsync(new { subject = "x", text = "  " }), 400, "VALIDATION_FAILED");
        await RefusedAsync(await PutAsync(new { subject = new string('x', 201), text = "x" }), 400, "VALIDATION_FAILED");
        foreach (var path in new[] { "OrderShipped/pigeon/fr", "OrderShipped/email/de", "Nothing/email/fr", "OrderCreated/sms/fr" })
            await RefusedAsync(await PutAsync(new { subject = "a", text = "x" }, path: $"/api/notifications/templates/{path}"), 404, "NOT_FOUND");
    }

    [Fact]
    public async Task All_templates_are_listed_in_pages()
    {
        var page = await employee.GetFromJsonAsync<TemplatePage>("/api/notifications/templates?limit=5&page=2");
        Assert.Equal((5, 2, 5), (page!.Templates.Count, page.Page, page.Limit));
        Assert.Equal(Notices.All.Sum(notice => notice.Defaults.Count), page.Total);
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PutAsJsonAsync(Shipped, new { subject = "a", text = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.DeleteAsync(Shipped)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsJsonAsync(Shipped + "/preview", new { subject = "a", text = "x" })).StatusCode);
    }
}
