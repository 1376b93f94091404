using static Rosa.Gateway.BadToken;

namespace Rosa.Gateway;

/// <summary>What happens to a request whose token is expired or not ours. A request without a token always goes on: the service decides.</summary>
enum BadToken
{
    /// <summary>It is answered 401, so that the client renews its token.</summary>
    Refused,
    /// <summary>The token is taken off and the request goes on as a guest's: a stale login must not keep anyone from looking around, or from logging in.</summary>
    Ignored,
}

/// <summary>One row of the contract: which service answers a path.</summary>
/// <param name="Methods">Null for every method.</param>
/// <param name="Path">A route template; the path is passed on unchanged.</param>
/// <param name="Cached">Answers are the same for every caller and are kept for up to 0.9 s.</param>
/// <param name="OnlyAsks">A POST that changes nothing: kept answers stay.</param>
/// <param name="TakesKey">The service does a request with an <c>Idempotency-Key</c> once, however often it is sent.</param>
/// <param name="LargestBody">Bytes; the service may take less.</param>
sealed record Route(string[]? Methods, string Path, string Service, BadToken BadToken, bool Cached = false, bool OnlyAsks = false, bool TakesKey = false, long LargestBody = Route.OrdinaryBody)
{
    public const long OrdinaryBody = 1_000_000;

    public bool Allows(string method) => Methods is null || Methods.Contains(method);
}

/// <summary>Everything that is reached from outside under <c>/api</c>. What is not here is 404; <c>/internal</c> never is here.</summary>
static class Routes
{
    const long Upload = 12_000_000;
    const long Import = 100_000_000;

    static readonly string[]? any = null;
    static readonly string[] get = ["GET", "HEAD"];
    static readonly string[] post = ["POST"];

    public static readonly IReadOnlyList<Route> All =
    [
        new(get,  "/.well-known/jwks.json",                      "users",         Ignored),
        new(post, "/api/users/register",                         "users",         Ignored),
        new(post, "/api/users/login",                            "users",         Ignored),
        new(post, "/api/users/refresh",                          "users",         Ignored, TakesKey: true),
        new(post, "/api/users/logout",                           "users",         Ignored),
        new(post, "/api/users/verify-email",                     "users",         Ignored),
        new(post, "/api/users/password-reset",                   "users",         Ignored),
        new(post, "/api/users/password-reset/confirm",           "users",         Ignored),
        new(any,  "/api/users/{**rest}",                         "users",         Refused),

        new(get,  "/api/products",                               "catalog",       Ignored, Cached: true),
        new(get,  "/api/products/{productId:guid}",              "catalog",       Ignored, Cached: true),
        new(get,  "/api/images/{**rest}",                        "catalog",       Ignored, Cached: true),
        new(get,  "/api/categories",                             "catalog",       Ignored, Cached: true),
        new(post, "/api/products/check-stock",                   "catalog",       Ignored, OnlyAsks: true),
        new(post, "/api/products/import",                        "catalog",       Refused, LargestBody: Import),
        new(post, "/api/products/{productId:guid}/images",       "catalog",       Refused, LargestBody: Upload),
        new(any,  "/api/products/{**rest}",                      "catalog",       Refused),
        new(any,  "/api/categories/{**rest}",                    "catalog",       Refused),

        new(any,  "/api/cart/{**rest}",                          "orders",        Refused),
        new(post, "/api/orders",                                 "orders",        Refused, TakesKey: true),
        new(any,  "/api/orders/{**rest}",                        "orders",        Refused),

        new(post, "/api/payments/webhooks/{provider}",           "payments",      Ignored, LargestBody: 65_536),
        new(get,  "/api/payments/{**rest}",                      "payments",      Refused),

        new(post, "/api/promotions/validate",                    "promotions",    Ignored),
        new(get,  "/api/promotions/{promoCode}",                 "promotions",    Ignored),
        new(any,  "/api/promotions/{**rest}",                    "promotions",    Refused),

        new(any,  "/api/notifications/{**rest}",                 "notifications", Refused),

        new(get,  "/api/products/{productId:guid}/related",      "recommendations", Ignored, Cached: true),
        new(any,  "/api/recommendations/{**rest}",               "recommendations", Refused),
    ];
}
