using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class ImportTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    const string Header = "sku,title,description,price,category,quantity";

    static string NewSku() => $"A-{Guid.NewGuid():n}";

    static ByteArrayContent Csv(string text)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return content;
    }

    async Task<HttpResponseMessage> SendAsync(string text)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var content = Csv(text);
            var response = await shop.Employee.PostAsync("/api/products/import", content);
            if (response.StatusCode != HttpStatusCode.Conflict || attempt == 600) return response;
            await Task.Delay(50);
        }
    }

    async Task<JsonElement> ImportAsync(string text)
    {
        using var response = await SendAsync(text);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(report.GetProperty("complete").GetBoolean());
        return report;
    }

    static (int Created, int Updated, int Unchanged, int Refused) Totals(JsonElement report) => (
        report.GetProperty("created").GetInt32(), report.GetProperty("updated").GetInt32(), report.GetProperty("unchanged").GetInt32(), report.GetProperty("refused").GetInt32());

    static List<(int Line, string? Outcome)> Lines(JsonElement report) =>
        [.. report.GetProperty("lines").EnumerateArray().Select(line => (line.GetProperty("line").GetInt32(), line.GetProperty("outcome").GetString()))];

    static Guid ProductOf(JsonElement report, int index) => report.GetProperty("lines")[index].GetProperty("productId").GetGuid();

    [Fact]
    public async Task Products_come_by_the_file_and_the_same_file_changes_nothing()
    {
        var (one, two) = (NewSku(), NewSku());
        var file = $"{Header},titleEn,descriptionEn\r\n{one},Panier,Doux.,39.90,dog,4,Basket,Soft.\r\n{two},\"Balle, rouge\",\"Elle dit \"\"pouet\"\".\nDeux lignes.\",5,dog-toys,,,\r\n";
        var first = await ImportAsync(file);
        Assert.Equal((2, 0, 0, 0), Totals(first));
        Assert.Equal([(2, "created"), (3, "created")], Lines(first));
        var product = await shop.GetAsync($"/api/products/{ProductOf(first, 0)}");
        Assert.Equal(("Panier", 39.90m, 4, one), (product.GetProperty("title").GetString(), product.GetProperty("price").GetDecimal(), product.GetProperty("stock").GetInt32(), product.GetProperty("sku").GetString()));
        Assert.Equal("Elle dit \"pouet\".\nDeux lignes.", (await shop.GetAsync($"/api/products/{ProductOf(first, 1)}")).GetProperty("description").GetString());

        Assert.Equal((0, 0, 2, 0), Totals(await ImportAsync(file)));
        var changed = await ImportAsync(file.Replace("39.90", "29.90", StringComparison.Ordinal));
        Assert.Equal((0, 1, 1, 0), Totals(changed));
        Assert.Equal(29.90m, (await shop.GetAsync($"/api/products/{ProductOf(first, 0)}")).GetProperty("price").GetDecimal());
        Assert.Equal(1, await shop.ReadAsync<long>("select count(*) from stock_movements where product_id = $1", ProductOf(first, 0)));
    }

    [Fact]
    public async Task A_broken_line_does_not_stop_the_others()
    {
        var taken = NewSku();
        await shop.CreateAsync(new { title = "x", description = "y", price = 5, category = "dog", quantity = 0, sku = taken });
        var withdrawn = await shop.CreateAsync();
        await shop.Employee.DeleteAsync($"/api/products/{withdrawn}");
        var product = await shop.CreateAsync();
        string[] broken =
        [
            $",{taken},x,y,,dog,",                                           // no price
            ",,x,y,-5,dog,", ",,x,y,1.234,dog,", ",,x,y,free,dog,", ",,,y,5,dog,", ",,x,,5,dog,", ",,x,y,5,unicorn,", ",,x,y,5,dog,-1", ",,x,y,5,dog,1.5",
            "not-an-id,,x,y,5,dog,", ",,x,y,5,dog", ",,x,y,5,dog,1,2", $",,{new string('x', 201)},y,5,dog,", ",,\"x\"z,y,5,dog,", $"{withdrawn},,x,y,5,dog,",
            $"{product},{taken},x,y,5,dog,",                                 // the SKU is another product's
        ];
        var file = $"productId,{Header}\n" + string.Concat(broken.Select((line, i) => $"{line}\n,{NewSku()},Bon {i},y,5,dog,1\n"));
        var report = await ImportAsync(file);
        Assert.Equal((broken.Length, 0, 0, broken.Length), Totals(report));
        Assert.Equal(Enumerable.Range(2, broken.Length * 2).Select(line => (line, line % 2 == 0 ? "refused" : "created")), Lines(report).Select(line => (line.Line, line.Outcome!)));
        Assert.All(report.GetProperty("lines").EnumerateArray().Where(line => line.GetProperty("outcome").GetString() == "refused"),
            line => Assert.NotEmpty(line.GetProperty("reason").GetString()!));
    }

    [Fact]
    public async Task A_quote_that_never_ends_costs_its_own_line()
    {
        var report = await ImportAsync($"{Header}\r\n{NewSku()},Un,y,5,dog,1\r\n{NewSku()},\"Deux,y,5,dog,1\r\n{NewSku()},Trois,y,5,dog,1\r\n\r\n{NewSku()},Quatre 12\" large,y,5,dog,1\r\n");
        Assert.Equal([(2, "created"), (3, "refused"), (4, "created"), (6, "created")], Lines(report));
        var large = await ImportAsync($"{Header}\n{NewSku()},\"Un,{new string('x', 300_000)},5,dog,1\n{NewSku()},Deux,y,5,dog,1\n");
        Assert.Equal([(2, "refused"), (3, "created")], Lines(large));

        using var hopeless = await SendAsync(Header + "\n" + string.Concat(Enumerable.Repeat($"x,\"{new string('x', 250_000)}\n", 150)));
        var gaveUp = await hopeless.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(gaveUp.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task The_same_product_on_two_lines_is_carried_out_twice_in_order()
    {
        var sku = NewSku();
        var report = await ImportAsync($"{Header}\n{sku},Un,y,5,dog,1\n{sku},Deux,y,6,dog,1\n");
        Assert.Equal([(2, "created"), (3, "updated")], Lines(report));
        Assert.Equal("Deux", (await shop.GetAsync($"/api/products/{ProductOf(report, 0)}")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task What_a_file_does_not_name_stays_as_it_is()
    {
        var sku = NewSku();
        var product = await shop.CreateAsync(new
        {
            title = "Avant",
            description = "y",
            price = 5,
            category = "dog",
            quantity = 3,
            sku,
            imageUrl = "https://pictures.example/x.png",
            translations = new { en = new { title = "Before", description = "z" } },
        });
        Assert.Equal((0, 1, 0, 0), Totals(await ImportAsync($"productId,title,description,price,category\n{product},Après,y,5,dog\n")));
        var after = await shop.GetAsync($"/api/products/{product}");
        Assert.Equal(("Après", sku, "https://pictures.example/x.png", 3), (
            after.GetProperty("title").GetString(), after.GetProperty("sku").GetString(), after.GetProperty("imageUrl").GetString(), after.GetProperty("stock").GetInt32()));
        Assert.Equal("Before", await shop.ReadAsync<string>("select translations -> 'en' ->> 'title' from products where product_id = $1", product));
    }

    [Fact]
    public async Task A_spreadsheet_of_a_country_with_decimal_commas_is_read()
    {
        var report = await ImportAsync($"\uFEFFsku;title;description;price;category\r\n{NewSku()};Croquettes;Bonnes, vraiment.;12,50;dog\r\n");
        Assert.Equal(12.50m, (await shop.GetAsync($"/api/products/{ProductOf(report, 0)}")).GetProperty("price").GetDecimal());
    }

    [Theory]
    [InlineData(""), InlineData("\n\n"), InlineData("title,description,price\nx,y,5"), InlineData("title,description,price,category,colour\n"), InlineData("title,title,description,price,category\n")]
    [InlineData("title,description,price,category,titleEn\n"), InlineData("\"title,description,price,category\n"), InlineData("\0\0\0\0"), InlineData("PK\u0003\u0004")]
    public async Task A_wrong_header_is_refused_before_anything(string file)
    {
        using var response = await SendAsync(file);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_file_in_a_form_is_the_same_and_other_types_are_not()
    {
        using var form = new MultipartFormDataContent { { Csv($"{Header}\n{NewSku()},Un,y,5,dog,1\n"), "file", "products.csv" } };
        using var response = await shop.Employee.PostAsync("/api/products/import", form);
        Assert.Equal(1, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("created").GetInt32());
        using var json = JsonContent.Create(new { });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await shop.Employee.PostAsync("/api/products/import", json)).StatusCode);
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        using var content = Csv(Header);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsync("/api/products/import", content)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.GetAsync("/api/products/export")).StatusCode);
    }

    [Fact]
    public async Task What_is_exported_imports_again_unchanged_also_what_a_spreadsheet_would_run()
    {
        string[] titles = ["=1+1", "+33 1", "-5 degrés", "@home", "'=déjà gardé", "''-deux", "'apostrophe", "Avec \"guillemets\", virgule; et\r\nligne", "  espaces  ", "\tonglet", "été 🐕"];
        foreach (var title in titles)
        {
            await shop.CreateAsync(new
            {
                title,
                description = title,
                price = 12.5,
                category = "dog",
                quantity = 2,
                sku = title.StartsWith('=') ? $"=SKU{Guid.NewGuid():n}" : null,
                translations = new { en = new { title, description = title } },
            });
        }
        var export = await shop.Employee.GetStringAsync("/api/products/export");
        Assert.StartsWith("productId,sku,title", export.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.DoesNotContain(",=", export, StringComparison.Ordinal);
        Assert.Contains(",'=1+1,", export, StringComparison.Ordinal);

        var versions = await shop.ReadAsync<long>("select sum(version) from products");
        var report = await ImportAsync(export);
        var totals = Totals(report);
        Assert.Equal((0, 0, totals.Unchanged, 0), totals);
        Assert.True(totals.Unchanged >= titles.Length);
        Assert.Equal(versions, await shop.ReadAsync<long>("select sum(version) from products"));

        await using var other = await TestService.StartAsync(CatalogShop.Catalog);
        using var employee = other.Client(TestTokens.Shared.Employee());
        foreach (var slug in new[] { "dog", "cat", "dog-food", "dog-toys" }) await employee.PostAsJsonAsync("/api/categories", new { slug, title = slug });
        using var content = Csv(export);
        using var moved = await employee.PostAsync("/api/products/import", content);
        Assert.Equal((totals.Unchanged, 0, 0, 0), Totals(await moved.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(export, await employee.GetStringAsync("/api/products/export"));
    }

    [Fact]
    public async Task Lists_and_events_follow_an_import()
    {
        var word = $"zoulou{Random.Shared.Next():x}";
        var report = await ImportAsync($"{Header}\n" + string.Concat(Enumerable.Range(0, 450).Select(i => $"{NewSku()},{word} {i},y,{i + 1},cat,{i % 2}\n")));
        Assert.Equal((450, 0, 0, 0), Totals(report));
        Assert.Equal(450, (await shop.GetAsync($"/api/products?search={word}&category=cat")).GetProperty("total").GetInt32());
        Assert.Equal(225, (await shop.GetAsync($"/api/products?search={word}&inStock=true")).GetProperty("total").GetInt32());
        Assert.Equal(225, await shop.ReadAsync<long>("select count(*) from stock_movements m join products p using (product_id) where p.title like $1 and employee_id = $2", $"{word}%", shop.EmployeeId));
    }

    [Fact]
    public async Task One_import_runs_at_a_time_and_tells_of_lines_as_it_goes()
    {
        var file = $"{Header}\n" + string.Concat(Enumerable.Range(0, 4_000).Select(i => $"{NewSku()},Progrès {i},y,5,cat,1\n"));
        using var content = Csv(file);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/products/import") { Content = content };
        using var response = await shop.Employee.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var another = Csv(Header);
        using var refused = await shop.Employee.PostAsync("/api/products/import", another);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var report = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal((4_000, 0, 0, 0), Totals(report));
    }

    [Fact]
    public async Task The_described_api_says_how_files_are_sent()
    {
        var paths = (await shop.GetAsync("/openapi/v1.json")).GetProperty("paths");
        var import = paths.GetProperty("/api/products/import").GetProperty("post");
        Assert.Equal(["multipart/form-data", "text/csv"], import.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name).Order());
        Assert.Contains("ImportReport", import.GetProperty("responses").GetProperty("200").GetRawText(), StringComparison.Ordinal);
        var image = paths.GetProperty("/api/products/{productId}/images").GetProperty("post");
        Assert.True(image.GetProperty("requestBody").GetProperty("content").TryGetProperty("multipart/form-data", out _));
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
                Assert.True(operation.Value.TryGetProperty("operationId", out _) && operation.Value.TryGetProperty("summary", out _), $"{operation.Name} {path.Name}");
        }
    }

    [Fact]
    public async Task A_sku_belongs_to_one_product_for_sale()
    {
        var sku = NewSku();
        var body = new { title = "x", description = "y", price = 5, category = "dog", quantity = 0, sku };
        var product = await shop.CreateAsync(body);
        using var taken = await shop.Employee.PostAsJsonAsync("/api/products", body);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Equal("SKU_TAKEN", (await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        using var put = await shop.Employee.PutAsJsonAsync($"/api/products/{await shop.CreateAsync()}", body);
        Assert.Equal(HttpStatusCode.Conflict, put.StatusCode);
        await shop.Employee.DeleteAsync($"/api/products/{product}");
        await shop.CreateAsync(body);
    }
}
