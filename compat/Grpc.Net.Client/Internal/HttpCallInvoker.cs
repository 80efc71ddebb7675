using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Begins the calls of a channel.</summary>
sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        new GrpcCall<TRequest, TResponse>(channel, method, host, options).UnaryAsync(request).GetAwaiter().GetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        return new(call.UnaryAsync(request), CallViews.Headers, CallViews.Status, CallViews.Trailers, CallViews.Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        return new(call.ServerStreaming(request), CallViews.Headers, CallViews.Status, CallViews.Trailers, CallViews.Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var (requests, response) = call.ClientStreaming();
        return new(requests, response, CallViews.Headers, CallViews.Status, CallViews.Trailers, CallViews.Dispose, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var (requests, responses) = call.DuplexStreaming();
        return new(requests, responses, CallViews.Headers, CallViews.Status, CallViews.Trailers, CallViews.Dispose, call);
    }
}

/// <summary>What the public call types ask of a call, as delegates that exist once.</summary>
static class CallViews
{
    public static readonly Func<object, Task<Metadata>> Headers = call => ((CallLifetime)call).ResponseHeadersAsync();
    public static readonly Func<object, Status> Status = call => ((CallLifetime)call).GetStatus();
    public static readonly Func<object, Metadata> Trailers = call => ((CallLifetime)call).GetTrailers();
    public static readonly Action<object> Dispose = call => ((CallLifetime)call).Dispose();
}
