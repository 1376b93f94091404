using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class ImageTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    static MultipartFormDataContent Form(byte[] file, string name = "photo.png", string field = "file")
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return new MultipartFormDataContent { { new StringContent("said beside"), "text" }, { part, field, name } };
    }

    async Task<HttpResponseMessage> UploadAsync(Guid product, byte[] file, HttpClient? through = null)
    {
        using var form = Form(file);
        return await (through ?? shop.Employee).PostAsync($"/api/products/{product}/images", form);
    }

    async Task<Guid> AddAsync(Guid product, byte[] file)
    {
        using var response = await UploadAsync(product, file);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("imageId").GetGuid();
    }

    async Task<List<Guid>> ImagesAsync(Guid product) =>
        [.. (await shop.GetAsync($"/api/products/{product}")).GetProperty("images").EnumerateArray().Select(image => image.GetProperty("imageId").GetGuid())];

    async Task<string?> ImageUrlAsync(Guid product) => (await shop.GetAsync($"/api/products/{product}")).GetProperty("imageUrl").GetString();

    string[] Stored() => Directory.Exists(shop.ImageFolder) ? Directory.GetFiles(shop.ImageFolder) : [];

    static async Task<string?> CodeAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    [Fact]
    public async Task An_uploaded_picture_is_served_as_what_it_is_for_a_year()
    {
        var product = await shop.CreateAsync();
        using var uploaded = await UploadAsync(product, Pictures.Jpeg);
        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);
        var image = await uploaded.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("image/jpeg", 3, 2), (image.GetProperty("contentType").GetString(), image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32()));

        using var served = await shop.Guest.GetAsync(image.GetProperty("url").GetString());
        Assert.Equal(Pictures.Jpeg, await served.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/jpeg", served.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", served.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("public, max-age=31536000, immutable", served.Headers.GetValues("Cache-Control").Single());
        using var again = new HttpRequestMessage(HttpMethod.Get, image.GetProperty("url").GetString());
        again.Headers.IfNoneMatch.Add(served.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await shop.Guest.SendAsync(again)).StatusCode);
        Assert.Equal(image.GetProperty("url").GetString(), await ImageUrlAsync(product));
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_whatever_it_is_called()
    {
        var product = await shop.CreateAsync();
        foreach (var file in new[] { Encoding.UTF8.GetBytes("<script>alert(1)</script>"), Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Pictures.Png[..40], [] })
        {
            using var response = await UploadAsync(product, file);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Equal("NOT_AN_IMAGE", await CodeAsync(response));
        }
        Assert.Empty(await ImagesAsync(product));
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        var product = await shop.CreateAsync();
        using var tooMany = await UploadAsync(product, [.. Pictures.Jpeg, .. new byte[100_001]]);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE"), (tooMany.StatusCode, await CodeAsync(tooMany)));
        using var farTooMany = await UploadAsync(product, new byte[3_000_000]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, farTooMany.StatusCode);
        var wide = Pictures.Png.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(wide.AsSpan(16), 50_000);
        using var tooWide = await UploadAsync(product, wide);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "IMAGE_TOO_LARGE"), (tooWide.StatusCode, await CodeAsync(tooWide)));
    }

    [Fact]
    public async Task A_form_without_a_file_is_refused()
    {
        var product = await shop.CreateAsync();
        var path = $"/api/products/{product}/images";
        using var json = JsonContent.Create(new { });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await shop.Employee.PostAsync(path, json)).StatusCode);
        using var other = Form(Pictures.Png, field: "picture");
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Employee.PostAsync(path, other)).StatusCode);
        using var broken = new StringContent("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Employee.PostAsync(path, broken)).StatusCode);
        using var unbound = new ByteArrayContent([]);
        unbound.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data");
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Employee.PostAsync(path, unbound)).StatusCode);
    }

    [Fact]
    public async Task Only_employees_change_pictures_and_only_of_products_that_are_there()
    {
        var product = await shop.CreateAsync();
        var image = await AddAsync(product, Pictures.Gif);
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.Forbidden, (await UploadAsync(product, Pictures.Png, customer)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.DeleteAsync($"/api/products/{product}/images/{image}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PutAsJsonAsync($"/api/products/{product}/images", new { imageIds = new[] { image } })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await UploadAsync(Guid.CreateVersion7(), Pictures.Png)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.DeleteAsync($"/api/products/{await shop.CreateAsync()}/images/{image}")).StatusCode);
    }

    [Fact]
    public async Task The_first_picture_is_on_the_card()
    {
        var product = await shop.CreateAsync();
        var (one, two) = (await AddAsync(product, Pictures.Png), await AddAsync(product, Pictures.LossyWebP));
        Assert.Equal([one, two], await ImagesAsync(product));
        Assert.Equal($"/api/images/{one}", await ImageUrlAsync(product));

        using var ordered = await shop.Employee.PutAsJsonAsync($"/api/products/{product}/images", new { imageIds = new[] { two, one } });
        Assert.Equal(HttpStatusCode.OK, ordered.StatusCode);
        Assert.Equal([two, one], await ImagesAsync(product));
        Assert.Equal($"/api/images/{two}", await ImageUrlAsync(product));
        foreach (var imageIds in new Guid[][] { [one], [one, one], [one, Guid.CreateVersion7()], [one, two, Guid.CreateVersion7()] })
        {
            using var refused = await shop.Employee.PutAsJsonAsync($"/api/products/{product}/images", new { imageIds });
            Assert.Equal((HttpStatusCode.Conflict, "IMAGES_CHANGED"), (refused.StatusCode, await CodeAsync(refused)));
        }

        await shop.Employee.DeleteAsync($"/api/products/{product}/images/{two}");
        Assert.Equal($"/api/images/{one}", await ImageUrlAsync(product));
        using var put = await shop.Employee.PutAsJsonAsync($"/api/products/{product}", CatalogShop.Product());
        Assert.Equal($"/api/images/{one}", await ImageUrlAsync(product));
        await shop.Employee.DeleteAsync($"/api/products/{product}/images/{one}");
        Assert.Null(await ImageUrlAsync(product));
    }

    [Fact]
    public async Task A_removed_picture_is_gone_from_the_shop_and_from_the_store()
    {
        var product = await shop.CreateAsync();
        var image = await AddAsync(product, Pictures.Png);
        Assert.Contains(Stored(), path => path.Contains($"{image:n}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Employee.DeleteAsync($"/api/products/{product}/images/{image}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Guest.GetAsync($"/api/images/{image}")).StatusCode);
        await shop.Service.Services.GetRequiredService<UnusedImages>().RunOnceAsync(CancellationToken.None);
        Assert.DoesNotContain(Stored(), path => path.Contains($"{image:n}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_that_died_leaves_nothing_behind()
    {
        var store = shop.Service.Services.GetRequiredService<IImageStore>();
        await shop.ExecuteAsync("insert into unused_images (name, due_at) values ('died.png', now() + interval '1 hour')");
        await store.SaveAsync("died.png", "image/png", Pictures.Png, CancellationToken.None);
        var unused = shop.Service.Services.GetRequiredService<UnusedImages>();
        await unused.RunOnceAsync(CancellationToken.None);
        Assert.Contains(Stored(), path => path.EndsWith("died.png", StringComparison.Ordinal));
        shop.Clock.Forward(TimeSpan.FromHours(2));
        await unused.RunOnceAsync(CancellationToken.None);
        shop.Clock.Forward(TimeSpan.FromHours(-2));
        Assert.DoesNotContain(Stored(), path => path.EndsWith("died.png", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_product_has_a_bounded_number_of_pictures_however_many_come_at_once()
    {
        var product = await shop.CreateAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => UploadAsync(product, Pictures.Gif)));
        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
        Assert.Equal(20, (await ImagesAsync(product)).Distinct().Count());
    }

    [Fact]
    public async Task Pictures_lie_in_a_bucket_where_one_is_named()
    {
        await using var storage = await ObjectStorage.StartAsync();
        await using var service = await TestService.StartAsync(CatalogShop.Catalog, new Dictionary<string, string?>
        {
            ["Catalog:Images:S3:Bucket"] = ObjectStorage.Bucket,
            ["Catalog:Images:S3:Endpoint"] = storage.Endpoint,
            ["Catalog:Images:S3:AccessKey"] = ObjectStorage.AccessKey,
            ["Catalog:Images:S3:SecretKey"] = ObjectStorage.SecretKey,
        });
        using var employee = service.Client(TestTokens.Shared.Employee());
        await employee.PostAsJsonAsync("/api/categories", new { slug = "tea", title = "Thé" });
        using var created = await employee.PostAsJsonAsync("/api/products", CatalogShop.Product(category: "tea"));
        var product = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("productId").GetGuid();
        using var uploaded = await UploadAsync(product, Pictures.Png, employee);
        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);
        var image = await uploaded.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal([$"{image.GetProperty("imageId").GetGuid():n}.png"], storage.Names);
        Assert.Equal(Pictures.Png, await employee.GetByteArrayAsync(image.GetProperty("url").GetString()));
        await employee.DeleteAsync($"/api/products/{product}/images/{image.GetProperty("imageId").GetGuid()}");
        await service.Services.GetRequiredService<UnusedImages>().RunOnceAsync(CancellationToken.None);
        Assert.Empty(storage.Names);
    }

    [Fact]
    public async Task A_store_that_is_down_is_no_bug()
    {
        await using var service = await TestService.StartAsync(CatalogShop.Catalog, new Dictionary<string, string?>
        {
            ["Catalog:Images:S3:Bucket"] = "x",
            ["Catalog:Images:S3:Endpoint"] = "http://127.0.0.1:1",
            ["Catalog:Images:S3:AccessKey"] = "x",
            ["Catalog:Images:S3:SecretKey"] = "x",
        }, shop.Service.ConnectionString);
        using var employee = service.Client(TestTokens.Shared.Employee());
        var product = await shop.CreateAsync();
        using var response = await UploadAsync(product, Pictures.Png, employee);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(await ImagesAsync(product));
    }
}
