namespace Grpc.Core.Interceptors;

public static class ServerServiceDefinitionExtensions
{
    public static ServerServiceDefinition Intercept(this ServerServiceDefinition serverServiceDefinition, Interceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(serverServiceDefinition);
        ArgumentNullException.ThrowIfNull(interceptor);
        var binder = new InterceptingBinder(interceptor);
        serverServiceDefinition.BindService(binder);
        return binder.Builder.Build();
    }

    /// <summary>The first interceptor is the outermost.</summary>
    public static ServerServiceDefinition Intercept(this ServerServiceDefinition serverServiceDefinition, params Interceptor[] interceptors)
    {
        ArgumentNullException.ThrowIfNull(interceptors);
        return interceptors.Reverse().Aggregate(serverServiceDefinition, (wrapped, interceptor) => wrapped.Intercept(interceptor));
    }

    sealed class InterceptingBinder(Interceptor interceptor) : ServiceBinderBase
    {
        public ServerServiceDefinition.Builder Builder { get; } = ServerServiceDefinition.CreateBuilder();

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Builder.AddMethod(method, new UnaryServerMethod<TRequest, TResponse>((request, context) =>
                interceptor.UnaryServerHandler(request, context, handler!)));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            Builder.AddMethod(method, new ClientStreamingServerMethod<TRequest, TResponse>((requests, context) =>
                interceptor.ClientStreamingServerHandler(requests, context, handler!)));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            Builder.AddMethod(method, new ServerStreamingServerMethod<TRequest, TResponse>((request, responses, context) =>
                interceptor.ServerStreamingServerHandler(request, responses, context, handler!)));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            Builder.AddMethod(method, new DuplexStreamingServerMethod<TRequest, TResponse>((requests, responses, context) =>
                interceptor.DuplexStreamingServerHandler(requests, responses, context, handler!)));
    }
}
