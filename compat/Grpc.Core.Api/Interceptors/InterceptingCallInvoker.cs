namespace Grpc.Core.Interceptors;

/// <summary>A call invoker with one interceptor before it.</summary>
sealed class InterceptingCallInvoker(CallInvoker inner, Interceptor interceptor) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        interceptor.BlockingUnaryCall(
            request, new ClientInterceptorContext<TRequest, TResponse>(method, host, options),
            (passed, call) => inner.BlockingUnaryCall(call.Method, call.Host, call.Options, passed));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        interceptor.AsyncUnaryCall(
            request, new ClientInterceptorContext<TRequest, TResponse>(method, host, options),
            (passed, call) => inner.AsyncUnaryCall(call.Method, call.Host, call.Options, passed));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        interceptor.AsyncServerStreamingCall(
            request, new ClientInterceptorContext<TRequest, TResponse>(method, host, options),
            (passed, call) => inner.AsyncServerStreamingCall(call.Method, call.Host, call.Options, passed));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        interceptor.AsyncClientStreamingCall(
            new ClientInterceptorContext<TRequest, TResponse>(method, host, options),
            call => inner.AsyncClientStreamingCall(call.Method, call.Host, call.Options));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        interceptor.AsyncDuplexStreamingCall(
            new ClientInterceptorContext<TRequest, TResponse>(method, host, options),
            call => inner.AsyncDuplexStreamingCall(call.Method, call.Host, call.Options));
}
