using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One method of a service, ready to be mapped.</summary>
/// <param name="Attributes">Of the service class and of the method that implements it, in this order.</param>
sealed record BoundMethod(IMethod Method, RequestDelegate Handler, IReadOnlyList<object> Attributes);

/// <summary>Learns from generated code which methods a service has, and finds the methods of the class that implement them.</summary>
sealed class MethodBinder<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods)] TService>(
    MethodSettings settings, ILogger log) : ServiceBinderBase where TService : class
{
    delegate Task<TResponse> Unary<TRequest, TResponse>(TService service, TRequest request, ServerCallContext context);
    delegate Task<TResponse> ClientStreaming<TRequest, TResponse>(TService service, IAsyncStreamReader<TRequest> requests, ServerCallContext context);
    delegate Task ServerStreaming<TRequest, TResponse>(TService service, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context);
    delegate Task DuplexStreaming<TRequest, TResponse>(
        TService service, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context);

    readonly InstanceSource<TService> services = new(typeof(TService), []);
    readonly InterceptorPipeline interceptors = new(settings.Interceptors);
    readonly List<BoundMethod> methods = [];

    public IReadOnlyList<BoundMethod> Methods => methods;

    /// <exception cref="InvalidOperationException">The class derives from no generated base class.</exception>
    public void Bind()
    {
        var attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} derives from no base class generated from a .proto file, so it has no methods to map.");
        var bind = attribute.BindType.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .SingleOrDefault(method => method.Name == attribute.BindMethodName
                && method.GetParameters() is [var binder, var service]
                && binder.ParameterType == typeof(ServiceBinderBase)
                && service.ParameterType.IsAssignableFrom(typeof(TService)))
            ?? throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName}(ServiceBinderBase, …) for {typeof(TService)}.");
        bind.Invoke(obj: null, BindingFlags.DoNotWrapExceptions, binder: null, [this, null], culture: null);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var (invoke, info) = Implementation<Unary<TRequest, TResponse>>(method, typeof(TRequest), typeof(ServerCallContext));
        var invoker = interceptors.Before<TRequest, TResponse>(async (request, context) =>
        {
            await using var lease = services.Take(context.GetHttpContext().RequestServices);
            return await invoke(lease.Instance, request, context);
        });
        Add(method, info, new UnaryHandler<TRequest, TResponse>(method, invoker, settings, log).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (invoke, info) = Implementation<ClientStreaming<TRequest, TResponse>>(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var invoker = interceptors.Before<TRequest, TResponse>(async (requests, context) =>
        {
            await using var lease = services.Take(context.GetHttpContext().RequestServices);
            return await invoke(lease.Instance, requests, context);
        });
        Add(method, info, new ClientStreamingHandler<TRequest, TResponse>(method, invoker, settings, log).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (invoke, info) = Implementation<ServerStreaming<TRequest, TResponse>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoker = interceptors.Before<TRequest, TResponse>(async (TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
        {
            await using var lease = services.Take(context.GetHttpContext().RequestServices);
            await invoke(lease.Instance, request, responses, context);
        });
        Add(method, info, new ServerStreamingHandler<TRequest, TResponse>(method, invoker, settings, log).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (invoke, info) = Implementation<DuplexStreaming<TRequest, TResponse>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoker = interceptors.Before<TRequest, TResponse>(
            async (IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
            {
                await using var lease = services.Take(context.GetHttpContext().RequestServices);
                await invoke(lease.Instance, requests, responses, context);
            });
        Add(method, info, new DuplexStreamingHandler<TRequest, TResponse>(method, invoker, settings, log).HandleAsync);
    }

    static (TDelegate Invoke, MethodInfo Info) Implementation<TDelegate>(IMethod method, params Type[] parameters) where TDelegate : Delegate
    {
        var info = typeof(TService).GetMethod(method.Name, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method {method.Name} for {method.FullName}.");
        return (info.CreateDelegate<TDelegate>(), info);
    }

    void Add(IMethod method, MethodInfo info, RequestDelegate handler) =>
        methods.Add(new(method, handler, [.. typeof(TService).GetCustomAttributes(inherit: true), .. info.GetCustomAttributes(inherit: true)]));
}
