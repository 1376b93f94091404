using System.Diagnostics;
using Rosa.Testing;

namespace Rosa.EndToEnd.Tests.Distributed;

/// <summary>What a trace shows of a sale, across all processes.</summary>
[Collection(nameof(DistributedCollection))]
public sealed class TraceTests(DistributedShop distributed, ITestOutputHelper output)
{
    const string Http = "System.Net.Http", Sql = "Npgsql", Messaging = "Rosa.Messaging", Server = "Microsoft.AspNetCore";

    static readonly string[] listeners = ["catalog", "notifications", "recommendations"];

    [Fact]
    public async Task One_trace_leads_from_the_browser_through_all_services_and_the_broker_to_the_last_consumer()
    {
        using var visitor = await AtTheCheckoutAsync();
        var (traceId, spanId) = Follow(visitor);
        var ordered = await visitor.PostAsync("/checkout",
            ("key", visitor.Field("key")), ("items", visitor.Field("items")), ("total", visitor.Field("total")), ("name", "Test Customer"), ("line1", "1 rue de l'Exemple"),
            ("postalCode", "75000"), ("city", "Paris"), ("country", "FR"), ("card", "tok_visa"), ("promo", "TRACED"), ("do", "pay"));
        Assert.StartsWith("/orders/", ordered, StringComparison.Ordinal);

        var trace = new Tree(await distributed.Traces.TraceAsync(traceId, spans => new Tree(spans).IsWhole(spanId)
            && listeners.All(service => spans.Any(span => span.Service == service && span.Name == "handle orders.OrderCreated"))));
        output.WriteLine(trace.Drawn(spanId));

        // Everything hangs together, below what the browser asked for.
        var page = Assert.Single(trace.Below(spanId));
        Assert.Equal(("storefront", "POST /checkout", SpanKind.Server), (page.Service, page.Name, page.Kind));
        Assert.Empty(trace.Orphans(spanId));
        Assert.All(trace.Spans.Where(span => span != page), span => AssertFits(span, below: trace.ParentOf(span)));

        // The sale itself, step by step.
        var order = trace.Answered(trace.Answered(page, "gateway", "POST /api/orders"), "orders", "POST /api/orders");
        AssertAsksItsDatabase(trace, order);
        foreach (var (service, call) in ((string, string)[])[
            ("catalog", "POST /mamie_rosa.CatalogService/GetProducts"), ("catalog", "POST /mamie_rosa.CatalogService/Reserve"), ("promotions", "POST /mamie_rosa.PromotionService/Redeem"),
            ("payments", "POST /api/payments"), ("catalog", "POST /mamie_rosa.CatalogService/Commit")])
            AssertAsksItsDatabase(trace, trace.Answered(order, service, call));

        // And what follows from it, on the other side of the broker.
        var told = Assert.Single(trace.Below(order.SpanId), span => span is { Name: "publish orders.OrderCreated", Kind: SpanKind.Producer, Service: "orders", Scope: Messaging });
        var heard = trace.Below(told.SpanId).ToList();
        Assert.Equal(listeners, heard.Select(span => span.Service).Order());
        Assert.All(heard, span =>
        {
            Assert.Equal(("handle orders.OrderCreated", SpanKind.Consumer), (span.Name, span.Kind));
            AssertAsksItsDatabase(trace, span);
        });
    }

    [Fact]
    public async Task The_page_of_a_product_is_one_trace_from_the_browser_to_the_catalogs_database()
    {
        using var visitor = new Visitor(distributed.Shop.Storefront);
        var product = await distributed.Shop.NewProductAsync(quantity: 5);
        var (traceId, spanId) = Follow(visitor);
        await visitor.OpenAsync($"/p/{product}");

        var trace = new Tree(await distributed.Traces.TraceAsync(traceId, spans => new Tree(spans).IsWhole(spanId)));
        output.WriteLine(trace.Drawn(spanId));
        Assert.Empty(trace.Orphans(spanId));
        Assert.All(trace.Below(spanId), page => Assert.Equal(("storefront", SpanKind.Server), (page.Service, page.Kind)));
        var page = trace.Below(spanId).First();   // which leads to its address with the product's name
        AssertAsksItsDatabase(trace, trace.Answered(trace.Answered(page, "gateway", "GET /api/products/{productId:guid}"), "catalog", "GET /api/products/{productId:guid}"));
    }

    [Fact]
    public async Task A_round_trip_to_the_database_belongs_to_the_request_that_asked_for_it_and_not_to_the_first_ever()
    {
        var product = await distributed.Shop.NewProductAsync(quantity: 50);
        var (_, token) = await distributed.Shop.NewCustomerAsync();
        using var http = new HttpClient { BaseAddress = distributed.Shop.Gateway };
        var traces = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var (traceId, spanId) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = System.Net.Http.Json.JsonContent.Create(RunningShop.OrderOf(product)) };
            request.Headers.Add("Authorization", $"Bearer {token}");
            request.Headers.Add("traceparent", $"00-{traceId}-{spanId}-01");
            using var answer = await http.SendAsync(request);
            Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
            traces.Add(traceId);
        }
        foreach (var traceId in traces)
        {
            var trace = new Tree(await distributed.Traces.TraceAsync(traceId, spans => Reserves(spans).Any() && Reserves(spans).All(reserve => new Tree(spans).Below(reserve.SpanId).Any())));
            AssertAsksItsDatabase(trace, Assert.Single(Reserves(trace.Spans)));
        }

        static IEnumerable<Span> Reserves(IEnumerable<Span> spans) => spans.Where(span => span is { Service: "catalog", Name: "POST /mamie_rosa.CatalogService/Reserve" });
    }

    /// <summary>Somebody new with something in the cart, who sees the form.</summary>
    async Task<Visitor> AtTheCheckoutAsync()
    {
        var product = await distributed.Shop.NewProductAsync(quantity: 5);
        await distributed.Shop.NewPromoAsync("TRACED");
        var visitor = new Visitor(distributed.Shop.Storefront);
        await visitor.OpenAsync("/register");
        await visitor.PostAsync("/register", ("firstName", "Test"), ("lastName", "Customer"), ("email", $"{Guid.NewGuid():N}@customer.example"), ("password", "a-long-enough-secret"));
        await visitor.OpenAsync($"/p/{product}");
        await visitor.PostAsync("/cart/items", ("productId", $"{product}"), ("quantity", "1"));
        await visitor.OpenAsync("/checkout");
        return visitor;
    }

    static (string TraceId, string SpanId) Follow(Visitor visitor)
    {
        var (traceId, spanId) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());
        visitor.Traceparent = $"00-{traceId}-{spanId}-01";
        return (traceId, spanId);
    }

    /// <summary>Who answers was asked by another service's call, who handles was told by another service's event, and all else is done where it was asked for.</summary>
    static void AssertFits(Span span, Span below)
    {
        var fits = span.Kind switch
        {
            SpanKind.Server => span.Scope == Server && below is { Kind: SpanKind.Client, Scope: Http } && below.Service != span.Service,
            SpanKind.Consumer => below is { Kind: SpanKind.Producer, Scope: Messaging },
            SpanKind.Client => span.Scope is Http or Sql && below.Service == span.Service,
            SpanKind.Producer => below.Service == span.Service,
            _ => below.Service == span.Service,
        };
        Assert.True(fits, $"{span} is below {below}");
    }

    static void AssertAsksItsDatabase(Tree trace, Span span) =>
        Assert.True(trace.Below(span.SpanId).Any(query => query.Scope == Sql && query.Service == span.Service), $"{span} asks no database:\n{trace.Drawn(span.ParentId)}");

    /// <summary>The spans of one trace.</summary>
    sealed class Tree(IReadOnlyList<Span> spans)
    {
        readonly ILookup<string, Span> below = spans.ToLookup(span => span.ParentId);
        readonly Dictionary<string, Span> byId = spans.DistinctBy(span => span.SpanId).ToDictionary(span => span.SpanId);

        public IReadOnlyList<Span> Spans => spans;

        public IEnumerable<Span> Below(string spanId) => below[spanId];

        public Span ParentOf(Span span) => byId[span.ParentId];

        /// <summary>Every instance sends what it knows when it likes: whoever is named as a caller has come, and an answer to every call.</summary>
        public bool IsWhole(string root) => spans.Count > 0 && !Orphans(root).Any() && spans.All(span => span is not { Kind: SpanKind.Client, Scope: Http } || below[span.SpanId].Any());

        /// <summary>Those whose parent nobody sent.</summary>
        public IEnumerable<Span> Orphans(string root) => spans.Where(span => span.ParentId != root && !byId.ContainsKey(span.ParentId));

        /// <summary>The one request of this name that a service answered for another's.</summary>
        public Span Answered(Span caller, string service, string name)
        {
            var answers = Below(caller.SpanId).SelectMany(call => Below(call.SpanId)).Where(answer => answer.Service == service && answer.Name.TrimEnd('/') == name && answer.Kind == SpanKind.Server).ToList();
            Assert.True(answers.Count == 1, $"{caller} asked {service} for {name} {answers.Count} times:\n{Drawn(caller.ParentId)}");
            return answers[0];
        }

        public string Drawn(string spanId, int depth = 0) => string.Concat(Below(spanId).Select(span => $"{new string(' ', 2 * depth)}{span}\n{Drawn(span.SpanId, depth + 1)}"));
    }
}
