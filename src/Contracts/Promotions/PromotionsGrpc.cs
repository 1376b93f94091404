namespace Rosa.Contracts.Promotions;

/// <summary>The methods of <c>mamie_rosa.PromotionService</c>, see <c>proto/promotions.proto</c>.</summary>
public static class PromotionsGrpc
{
    const string Service = "mamie_rosa.PromotionService";

    public static readonly GrpcMethod<ValidateRequest, PromotionAnswer> Validate =
        new(Service, "Validate", ValidateRequest.Parser, PromotionAnswer.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<RedeemRequest, PromotionAnswer> Redeem =
        new(Service, "Redeem", RedeemRequest.Parser, PromotionAnswer.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<ReleaseRedemptionRequest, ReleaseRedemptionResponse> Release =
        new(Service, "Release", ReleaseRedemptionRequest.Parser, ReleaseRedemptionResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<ActiveDiscountsRequest, ActiveDiscountsResponse> ActiveDiscounts =
        new(Service, "ActiveDiscounts", ActiveDiscountsRequest.Parser, ActiveDiscountsResponse.Parser, SafeToRepeat: true);
}
