using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory.Internal;

/// <summary>The channels of the registered names, with the interceptors that live as long as they. Each is made when it is first needed.</summary>
sealed class ChannelSource(
    IServiceProvider services, IOptionsMonitor<GrpcClientFactoryOptions> options, IHttpMessageHandlerFactory handlers) : IDisposable
{
    readonly ConcurrentDictionary<string, Lazy<(GrpcChannel Channel, CallInvoker Invoker)>> channels = new();

    public CallInvoker InvokerOf(string name) => channels.GetOrAdd(name, key => new(() => Open(key))).Value.Invoker;

    public void Dispose()
    {
        foreach (var opened in channels.Values.Where(lazy => lazy.IsValueCreated)) opened.Value.Channel.Dispose();
    }

    (GrpcChannel Channel, CallInvoker Invoker) Open(string name)
    {
        var settings = options.Get(name);
        var address = settings.Address
            ?? throw new InvalidOperationException($"The gRPC client '{name}' has no address: set GrpcClientFactoryOptions.Address in AddGrpcClient.");
        var channelOptions = new GrpcChannelOptions
        {
            LoggerFactory = services.GetService<ILoggerFactory>(),
            ServiceProvider = services,
        };
        foreach (var configure in settings.ChannelOptionsActions) configure(channelOptions);
        foreach (var configure in settings.ChannelServiceActions) configure(services, channelOptions);
        if (channelOptions is { HttpHandler: null, HttpClient: null }) channelOptions.HttpHandler = handlers.CreateHandler(name);
        var channel = GrpcChannel.ForAddress(address, channelOptions);
        var invoker = settings.InterceptorRegistrations
            .Where(registration => registration.Scope == InterceptorScope.Channel)
            .Reverse()
            .Aggregate(channel.CreateCallInvoker(), (inner, registration) => inner.Intercept(registration.Creator(services)));
        return (channel, invoker);
    }
}
