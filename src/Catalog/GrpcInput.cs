using Rosa.Platform.Grpc;

namespace Rosa.Catalog;

/// <summary>Reads what arrives in gRPC messages, where every field is present and none is checked.</summary>
static class GrpcInput
{
    public static Guid Id(string text, string field) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new GrpcException(GrpcStatusCode.InvalidArgument, $"{field} is not a UUID.");

    public static void AtMost(int count, int most, string field)
    {
        if (count > most) throw new GrpcException(GrpcStatusCode.InvalidArgument, $"{field} holds more than {most}.");
    }
}
