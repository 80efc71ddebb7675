using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Puts the interceptors of a service before its methods; the first registered sees a call first.</summary>
sealed class InterceptorPipeline(IReadOnlyList<InterceptorRegistration> registrations)
{
    readonly InstanceSource<Interceptor>[] innermostFirst =
        [.. registrations.Reverse().Select(registration => new InstanceSource<Interceptor>(registration.Type, registration.Arguments))];

    public UnaryServerMethod<TRequest, TResponse> Before<TRequest, TResponse>(UnaryServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        innermostFirst.Aggregate(method, (next, source) => async (request, context) =>
        {
            await using var lease = source.Take(context.GetHttpContext().RequestServices);
            return await lease.Instance.UnaryServerHandler(request, context, next);
        });

    public ClientStreamingServerMethod<TRequest, TResponse> Before<TRequest, TResponse>(ClientStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        innermostFirst.Aggregate(method, (next, source) => async (requests, context) =>
        {
            await using var lease = source.Take(context.GetHttpContext().RequestServices);
            return await lease.Instance.ClientStreamingServerHandler(requests, context, next);
        });

    public ServerStreamingServerMethod<TRequest, TResponse> Before<TRequest, TResponse>(ServerStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        innermostFirst.Aggregate(method, (next, source) => async (request, responses, context) =>
        {
            await using var lease = source.Take(context.GetHttpContext().RequestServices);
            await lease.Instance.ServerStreamingServerHandler(request, responses, context, next);
        });

    public DuplexStreamingServerMethod<TRequest, TResponse> Before<TRequest, TResponse>(DuplexStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        innermostFirst.Aggregate(method, (next, source) => async (requests, responses, context) =>
        {
            await using var lease = source.Take(context.GetHttpContext().RequestServices);
            await lease.Instance.DuplexStreamingServerHandler(requests, responses, context, next);
        });
}
