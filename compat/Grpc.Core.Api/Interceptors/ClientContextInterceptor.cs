namespace Grpc.Core.Interceptors;

/// <summary>An interceptor that changes only what is said about a call, in the same way for all call kinds.</summary>
abstract class ClientContextInterceptor : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Changed(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Changed(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Changed(context));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Changed(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Changed(context));

    protected abstract ClientInterceptorContext<TRequest, TResponse> Changed<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class where TResponse : class;
}

/// <summary>Names another host to the server.</summary>
sealed class HostInterceptor(string host) : ClientContextInterceptor
{
    protected override ClientInterceptorContext<TRequest, TResponse> Changed<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context) =>
        new(context.Method, host, context.Options);
}

/// <summary>Replaces the headers of a call by what a function makes of them.</summary>
sealed class MetadataInterceptor(Func<Metadata, Metadata> change) : ClientContextInterceptor
{
    protected override ClientInterceptorContext<TRequest, TResponse> Changed<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context) =>
        new(context.Method, context.Host, context.Options.WithHeaders(change(context.Options.Headers ?? [])));
}
