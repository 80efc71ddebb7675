using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.ClientFactory.Internal;

/// <summary>Gives calls the propagation token of the gRPC call that is being handled; the channel joins it with the call's own deadline and token.</summary>
sealed class ContextPropagationInterceptor(IHttpContextAccessor requests, GrpcContextPropagationOptions options) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Inheriting(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Inheriting(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Inheriting(context));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Inheriting(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Inheriting(context));

    ClientInterceptorContext<TRequest, TResponse> Inheriting<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class where TResponse : class
    {
        if (context.Options.PropagationToken is not null) return context;
        if (requests.HttpContext?.Features.Get<IServerCallContextFeature>()?.ServerCallContext is { } handled)
            return new(context.Method, context.Host, context.Options.WithPropagationToken(handled.CreatePropagationToken()));
        if (options.SuppressContextNotFoundErrors) return context;
        throw new InvalidOperationException(
            $"{context.Method.FullName} should inherit the deadline of a gRPC call, and none is being handled here. "
            + "Set SuppressContextNotFoundErrors where calls are made outside of handlers too.");
    }
}
