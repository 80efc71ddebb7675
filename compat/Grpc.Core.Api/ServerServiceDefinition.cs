namespace Grpc.Core;

/// <summary>A service with the handlers of its methods.</summary>
public sealed class ServerServiceDefinition
{
    readonly IReadOnlyList<Action<ServiceBinderBase>> bindings;

    ServerServiceDefinition(IReadOnlyList<Action<ServiceBinderBase>> bindings) => this.bindings = bindings;

    public static Builder CreateBuilder() => new();

    internal void BindService(ServiceBinderBase binder)
    {
        foreach (var binding in bindings) binding(binder);
    }

    public sealed class Builder
    {
        readonly HashSet<string> names = [];
        readonly List<Action<ServiceBinderBase>> bindings = [];

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public ServerServiceDefinition Build() => new([.. bindings]);

        Builder Add(IMethod method, Action<ServiceBinderBase> binding)
        {
            if (!names.Add(method.FullName)) throw new ArgumentException($"The method {method.FullName} is there already.", nameof(method));
            bindings.Add(binding);
            return this;
        }
    }
}
