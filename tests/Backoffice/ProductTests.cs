using System.Net;
using System.Text;

namespace Rosa.Backoffice.Tests;

/// <summary>What is done with products.</summary>
[Collection(nameof(OfficeCollection))]
public sealed class ProductTests(OfficeFixture fixture)
{
    /// <summary>A picture of one red pixel.</summary>
    static readonly byte[] png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    [Fact]
    public async Task A_product_with_a_picture_is_in_the_catalog_in_both_languages()
    {
        using var browser = await fixture.AtWorkAsync();
        await browser.GetAsync("/office/products/new");
        var title = $"Balle rebondissante {Guid.NewGuid():n}";
        using var form = browser.Upload("pictures", png, "balle.png", ("title", title), ("description", "Rebondit."), ("titleEn", "Bouncing ball"), ("descriptionEn", "It bounces."),
            ("price", "12,90"), ("category", "dog-toys"), ("sku", $"B-{Guid.NewGuid():n}"), ("quantity", "7"));
        var answer = await browser.PostAsync("/office/products/new", form);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.EndsWith("?done=product-created", answer.Headers.Location!.ToString());

        var productId = Guid.Parse(answer.Headers.Location!.ToString().Split('/', '?')[3]);
        var (status, product) = await fixture.AskAsync(HttpMethod.Get, $"/api/products/{productId}");
        Assert.Equal((200, title, 12.90m, 7), (status, product.GetProperty("title").GetString(), product.GetProperty("price").GetDecimal(), product.GetProperty("stock").GetInt32()));
        using var english = await fixture.AtWorkAsync(language: "en");
        await english.GetAsync($"/office/products/{productId}");
        Assert.Equal("Bouncing ball", english.Value("titleEn"));
        var picture = product.GetProperty("images")[0].GetProperty("url").GetString()!;
        var shown = await browser.GetAsync(picture.Replace("/api/images/", "/pictures/", StringComparison.Ordinal));
        Assert.Equal("image/png", shown.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_refused_in_words_and_the_product_stays()
    {
        using var browser = await fixture.AtWorkAsync(language: "en");
        var productId = await fixture.NewProductAsync();
        await browser.GetAsync($"/office/products/{productId}");
        using var form = browser.Upload("pictures", "not a picture"u8.ToArray(), "picture.png");
        var answer = await browser.PostAsync($"/office/products/{productId}/images", form);
        await browser.GetAsync(answer.Headers.Location!.ToString());
        Assert.Contains("This file is no whole JPEG", browser.Page);
    }

    [Fact]
    public async Task A_picture_larger_than_a_form_otherwise_may_be_is_taken()
    {
        using var browser = await fixture.AtWorkAsync();
        var productId = await fixture.NewProductAsync();
        await browser.GetAsync($"/office/products/{productId}");
        using var form = browser.Upload("pictures", new byte[3_000_000], "large.png");
        var answer = await browser.PostAsync($"/office/products/{productId}/images", form);
        Assert.EndsWith("?refused=NOT_AN_IMAGE", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Two_employees_on_one_product_see_both_texts_and_nothing_is_overwritten()
    {
        using var first = await fixture.AtWorkAsync();
        using var second = await fixture.AtWorkAsync("admin");
        var productId = await fixture.NewProductAsync(price: 20);
        var path = $"/office/products/{productId}";
        await first.GetAsync(path);
        await second.GetAsync(path);
        (string, string)[] Typed(OfficeBrowser browser, string description, string price) =>
            [("tag", browser.Hidden("tag")), ("title", browser.Value("title")), ("description", description), ("price", price), ("category", "dog-toys")];

        Assert.Equal(HttpStatusCode.SeeOther, (await first.PostAsync(path, Typed(first, "Le texte de la première.", "21"))).StatusCode);
        var conflict = await second.PostAsync(path, Typed(second, "Le texte de la seconde.", "20"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, conflict.StatusCode);
        Assert.Contains("<td class=\"theirs\">Le texte de la première.", second.Page);
        Assert.Contains("<td class=\"mine\">Le texte de la seconde.", second.Page);
        Assert.Contains("<td class=\"theirs\">21.00", second.Page);
        Assert.Equal("Le texte de la première.", (await fixture.SheetAsync(productId)).GetProperty("description").GetString());

        Assert.Equal(HttpStatusCode.SeeOther, (await second.PostAsync(path, Typed(second, "Les deux textes.", "21"))).StatusCode);
        Assert.Equal("Les deux textes.", (await fixture.SheetAsync(productId)).GetProperty("description").GetString());
    }

    [Fact]
    public async Task A_sale_in_between_is_no_conflict()
    {
        using var browser = await fixture.AtWorkAsync();
        var productId = await fixture.NewProductAsync();
        var path = $"/office/products/{productId}";
        await browser.GetAsync(path);
        await fixture.BuyAsync(productId);
        var answer = await browser.PostAsync(path, ("tag", browser.Hidden("tag")), ("title", browser.Value("title")), ("description", "Neuf."), ("price", "19.90"), ("category", "dog-toys"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    [Fact]
    public async Task A_long_description_is_kept_whole()
    {
        using var browser = await fixture.AtWorkAsync();
        var productId = await fixture.NewProductAsync();
        await browser.GetAsync($"/office/products/{productId}");
        var description = string.Concat(Enumerable.Repeat("Une ligne de texte assez longue.\n", 300)).Trim();
        await browser.PostAsync($"/office/products/{productId}", ("tag", browser.Hidden("tag")), ("title", "Long"), ("description", description.Replace("\n", "\r\n", StringComparison.Ordinal)), ("price", "9"), ("category", "dog-toys"));
        Assert.Equal(description, (await fixture.SheetAsync(productId)).GetProperty("description").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field()
    {
        using var browser = await fixture.AtWorkAsync();
        await browser.GetAsync("/office/products/new");
        var answer = await browser.PostAsync("/office/products/new", ("title", "X"), ("description", ""), ("price", "gratuit"), ("category", "dog-toys"), ("titleEn", "Y"), ("quantity", "-1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        foreach (var field in (string[])["description", "price", "descriptionEn", "quantity"]) Assert.Contains($"href=\"#field-{field}\"", browser.Page);
        Assert.Equal("X", browser.Value("title"));
    }

    [Fact]
    public async Task Many_prices_change_after_a_page_that_says_how_and_what_changed_meanwhile_is_left_alone()
    {
        using var browser = await fixture.AtWorkAsync(language: "en");
        var (left, changed) = (await fixture.NewProductAsync(price: 19.99m), await fixture.NewProductAsync(price: 10));
        await browser.GetAsync("/office/products");
        var says = await browser.PostAsync("/office/products/bulk", ("ids", $"{left}"), ("ids", $"{changed}"), ("action", "price"), ("percent", "-10"));
        Assert.Equal(HttpStatusCode.OK, says.StatusCode);
        Assert.Contains("€17.99", browser.Page);
        Assert.Equal(19.99m, (await fixture.SheetAsync(left)).GetProperty("price").GetDecimal());

        var (leftTag, changedTag) = (browser.Hidden($"tag-{left}"), browser.Hidden($"tag-{changed}"));
        await fixture.AskAsync(HttpMethod.Put, $"/api/products/{changed}", await fixture.TokenAsync("admin"), new { title = "Autre", description = "Autre.", price = 50, category = "dog-toys" });
        await browser.PostAsync("/office/products/bulk/apply", ("ids", $"{left}"), ("ids", $"{changed}"), ($"tag-{left}", leftTag), ($"tag-{changed}", changedTag), ("action", "price"), ("percent", "-10"));
        Assert.Contains("1 product changed.", browser.Page);
        Assert.Contains("Changed by somebody meanwhile", browser.Page);
        Assert.Equal(17.99m, (await fixture.SheetAsync(left)).GetProperty("price").GetDecimal());
        Assert.Equal(50m, (await fixture.SheetAsync(changed)).GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task Many_products_are_withdrawn()
    {
        using var browser = await fixture.AtWorkAsync();
        var productId = await fixture.NewProductAsync();
        await browser.GetAsync("/office/products");
        await browser.PostAsync("/office/products/bulk", ("ids", $"{productId}"), ("action", "withdraw"));
        Assert.Contains("1 produit sera retiré de la vente", browser.Page);
        await browser.PostAsync("/office/products/bulk/apply", ("ids", $"{productId}"), ($"tag-{productId}", browser.Hidden($"tag-{productId}")), ("action", "withdraw"));
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, (await fixture.SheetAsync(productId)).GetProperty("withdrawnAt").ValueKind);
    }

    [Fact]
    public async Task Stock_changes_with_a_reason_and_never_below_zero()
    {
        using var browser = await fixture.AtWorkAsync();
        var productId = await fixture.NewProductAsync(quantity: 3);
        var path = $"/office/products/{productId}/stock";
        await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(path, ("kind", "out"), ("quantity", "4"), ("reason", "Casse"))).StatusCode);
        Assert.Contains("Il n'y en a pas autant en rayon", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(path, ("kind", "in"), ("quantity", "5"), ("reason", "Livraison du lundi"))).StatusCode);
        await browser.GetAsync(path);
        Assert.Contains("Livraison du lundi", browser.Page);
        Assert.Equal(8, (await fixture.SheetAsync(productId)).GetProperty("available").GetInt32());
    }

    [Fact]
    public async Task A_file_of_products_is_reported_line_by_line_and_twice_changes_nothing()
    {
        using var browser = await fixture.AtWorkAsync();
        var sku = $"IMP-{Guid.NewGuid():n}";
        var csv = Encoding.UTF8.GetBytes($"sku,title,description,price,category,quantity\n{sku},Panier,\"Un panier,\nmoelleux\",40.00,dog-beds,3\n{sku}-2,Sans prix,Rien,abc,dog-beds,1\n");
        await browser.GetAsync("/office/products/import");
        using (var form = browser.Upload("file", csv, "products.csv")) await browser.PostAsync("/office/products/import", form);
        Assert.Contains("data-outcome=\"created\"", browser.Page);
        Assert.Contains("data-outcome=\"refused\"", browser.Page);
        using (var form = browser.Upload("file", csv, "products.csv")) await browser.PostAsync("/office/products/import", form);
        Assert.Contains("data-outcome=\"unchanged\"", browser.Page);
        Assert.DoesNotContain("data-outcome=\"created\"", browser.Page);
    }

    [Fact]
    public async Task A_category_is_made_renamed_and_removed_and_only_when_empty()
    {
        using var browser = await fixture.AtWorkAsync();
        var slug = $"dog-new-{Guid.NewGuid():n}"[..20].TrimEnd('-');
        await browser.GetAsync("/office/categories");
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/office/categories", ("slug", slug), ("title", "Nouveautés"), ("parent", "dog"), ("position", "9"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/office/categories", ("slug", slug), ("title", "Encore"))).StatusCode);
        Assert.Contains("Cette adresse est déjà prise", browser.Page);
        await browser.GetAsync($"/office/categories/{slug}");
        Assert.Equal("Nouveautés", browser.Value("title"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"/office/categories/{slug}/remove")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/office/categories/dog/remove")).StatusCode);
        Assert.Contains("La catégorie n'est pas vide", browser.Page);
    }

    [Fact]
    public async Task A_review_is_taken_down_and_its_stars_no_longer_count()
    {
        using var browser = await fixture.AtWorkAsync();
        var productId = await fixture.NewProductAsync();
        var (userId, token) = await fixture.NewCustomerAsync();
        await fixture.BuyAsync(productId, token);
        for (var tries = 0; tries < 600; tries++)
        {
            if ((await fixture.AskAsync(HttpMethod.Put, $"/api/products/{productId}/ratings", token, new { stars = 1, comment = "Affreux." })).Status == 200) break;
            await Task.Delay(50);   // the purchase is heard of a moment after the order
        }
        await browser.GetAsync($"/office/reviews?product={productId}");
        Assert.Contains("Affreux.", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/office/reviews/remove", ("product", $"{productId}"), ("user", $"{userId}"))).StatusCode);
        Assert.Equal(0, (await fixture.AskAsync(HttpMethod.Get, $"/api/products/{productId}?x=2")).Body.GetProperty("rating").GetProperty("count").GetInt32());
    }
}
