using System.Reflection;
using Empire.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire;

/// <summary>Events in and out of a service.</summary>
public static class MessagingExtensions
{
    /// <summary>Finds every <see cref="IHandle{TEvent}"/> of the service and gives it its queue.</summary>
    /// <param name="service">The assembly with the handlers.</param>
    /// <exception cref="InvalidOperationException">A handler without a queue, or two on one.</exception>
    public static TBuilder AddMessaging<TBuilder>(this TBuilder builder, Assembly service) where TBuilder : IHostApplicationBuilder
    {
        var map = HandlerMap.From(service);
        builder.Services.AddSingleton(map);
        foreach (var queue in map.Queues) builder.Services.AddScoped(queue.Handler);
        return builder;
    }
}
