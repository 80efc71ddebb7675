using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> invoke, MethodSettings settings, ILogger log)
    : CallHandler<TRequest, TResponse>(method, settings, log) where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCallContext call)
    {
        var request = await SingleRequestAsync(call);
        await SendSingleAsync(call, await invoke(request, call));
    }
}

sealed class ClientStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> invoke, MethodSettings settings, ILogger log)
    : CallHandler<TRequest, TResponse>(method, settings, log) where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCallContext call)
    {
        var requests = new RequestStream<TRequest>(call, Requests(call), Method.RequestMarshaller.ContextualDeserializer);
        await SendSingleAsync(call, await invoke(requests, call));
    }
}

sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> invoke, MethodSettings settings, ILogger log)
    : CallHandler<TRequest, TResponse>(method, settings, log) where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCallContext call)
    {
        var request = await SingleRequestAsync(call);
        var responses = new ResponseStream<TResponse>(call, Method.ResponseMarshaller.ContextualSerializer);
        try
        {
            await invoke(request, responses, call);
        }
        finally
        {
            responses.End();
        }
    }
}

sealed class DuplexStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> invoke, MethodSettings settings, ILogger log)
    : CallHandler<TRequest, TResponse>(method, settings, log) where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCallContext call)
    {
        var requests = new RequestStream<TRequest>(call, Requests(call), Method.RequestMarshaller.ContextualDeserializer);
        var responses = new ResponseStream<TResponse>(call, Method.ResponseMarshaller.ContextualSerializer);
        try
        {
            await invoke(requests, responses, call);
        }
        finally
        {
            responses.End();
        }
    }
}
