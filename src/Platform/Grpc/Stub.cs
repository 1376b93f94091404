using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rosa.Contracts;
namespace Rosa.Platform.Grpc;
public readonly record struct GrpcCallOptions(TimeSpan? Timeout = null, IReadOnlyList<KeyValuePair<string,string>>? Metadata = null, CancellationToken CancellationToken = default);
public sealed class GrpcChannel : IDisposable {
  public GrpcChannel(Uri address, HttpMessageHandler? handler = null){}
  public Task<TRes> UnaryAsync<TReq,TRes>(GrpcMethod<TReq,TRes> method, TReq request, GrpcCallOptions options) where TReq : class, IMessage<TReq> where TRes : class, IMessage<TRes> => throw new Exception();
  public IAsyncEnumerable<TRes> ServerStreamingAsync<TReq,TRes>(GrpcMethod<TReq,TRes> method, TReq request, GrpcCallOptions options)where TReq : class, IMessage<TReq> where TRes : class, IMessage<TRes> => throw new Exception();
  public void Dispose(){} }
public static class GrpcResponses { public static bool IsGrpcRequest(HttpContext c) => false; public static Task WriteStatusAsync(HttpContext c, GrpcStatusCode s, string m) => Task.CompletedTask; }
public static class GrpcEndpoints {   public static void MapGrpcFallback(this IEndpointRouteBuilder app){}   public static void MapGrpcHealth(this IEndpointRouteBuilder app, IReadOnlyList<string> serviceNames, Func<bool> isReady){} }
