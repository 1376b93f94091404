namespace Rosa.Contracts.Catalog;

/// <summary>The methods of <c>mamie_rosa.CatalogService</c>, see <c>proto/catalog.proto</c>.</summary>
public static class CatalogGrpc
{
    const string Service = "mamie_rosa.CatalogService";

    public static readonly GrpcMethod<StockCheckRequest, StockCheckResponse> VerifyStock =
        new(Service, "VerifyStock", StockCheckRequest.Parser, StockCheckResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<GetProductsRequest, GetProductsResponse> GetProducts =
        new(Service, "GetProducts", GetProductsRequest.Parser, GetProductsResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<GetCategoriesRequest, GetCategoriesResponse> GetCategories =
        new(Service, "GetCategories", GetCategoriesRequest.Parser, GetCategoriesResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<ReserveRequest, ReserveResponse> Reserve =
        new(Service, "Reserve", ReserveRequest.Parser, ReserveResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<CommitRequest, CommitResponse> Commit =
        new(Service, "Commit", CommitRequest.Parser, CommitResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<ReleaseRequest, ReleaseResponse> Release =
        new(Service, "Release", ReleaseRequest.Parser, ReleaseResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<WatchStockRequest, StockChange> WatchStock =
        new(Service, "WatchStock", WatchStockRequest.Parser, StockChange.Parser, SafeToRepeat: true);
}
