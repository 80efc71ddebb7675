using System.Reflection;
using Empire.Configuration;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire;

/// <summary>Events in and out of a service.</summary>
public static class MessagingExtensions
{
    private const string Setting = "ConnectionStrings:messaging";

    /// <summary>Gives every <see cref="IHandle{TEvent}"/> of the service its queue, and brings what <see cref="Work.Publish"/> committed to the bus at
    /// <c>ConnectionStrings:messaging</c>. Call it after <c>AddDatabase</c>: outbox and inbox live there.</summary>
    /// <param name="service">The assembly with the handlers.</param>
    /// <param name="subscriptions">Which queue hears which events, over all services: those that hear what this one publishes are declared before the first event goes out.</param>
    /// <exception cref="InvalidOperationException">A handler without a queue, or two on one.</exception>
    public static TBuilder AddMessaging<TBuilder>(this TBuilder builder, Assembly service, IReadOnlyDictionary<string, IReadOnlyList<Type>> subscriptions) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        var map = HandlerMap.From(service);
        services.AddSingleton(map);
        foreach (var queue in map.Queues) services.AddScoped(queue.Handler);

        builder.CheckSetting(Setting, "the broker's address, amqp://user:password@host:port/vhost", text => AddressOf(text) is not null);
        builder.AddSettings<MessagingOptions>("Messaging").Configure(options => options.Address = AddressOf(builder.Configuration[Setting]));
        services.AddSingleton(provider => new MessagingNames(provider.GetRequiredService<IOptions<MessagingOptions>>().Value.Prefix));
        services.AddSingleton(provider => new SubscriptionTable(subscriptions, map));
        services.AddSingleton<Greeting>();
        services.AddSingleton<Subscribers>();
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<ErrorQueues>();
        services.AddSingleton<QueueReaders>();

        services.AddHostedService(provider => provider.GetRequiredService<QueueReaders>());
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();   // an installation reports to nobody but its owner
            bus.UsingRabbitMq(MessageBus.Configure);
            bus.ConfigureHealthCheckOptions(check => (check.Name, check.MinimalFailureStatus) = ("messaging", HealthStatus.Degraded));
        });
        builder.Logging.AddFilter("MassTransit.ReceiveTransport", LogLevel.None); // the kernel logs each failure itself, once
        services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(10));
        services.AddHostedService<OutboxDispatcher>(); // after the bus: it stops first
        services.AddHostedService<OutboxListener>();
        services.AddHostedService<BusWatch>();
        services.AddHostedService<InboxSweep>();
        services.AddHealthChecks().AddCheck<OutboxHealthCheck>("outbox", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
        return builder;
    }

    /// <summary>The operator's view of messages that failed for good, and their redrive, at <c>/api/v1/{service}/messaging/errors</c>; for owners, admins and services.</summary>
    public static WebApplication MapMessaging(this WebApplication app)
    {
        MessagingEndpoints.Map(app, app.Services.GetRequiredService<ThisService>().Name);
        return app;
    }

    private static Uri? AddressOf(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" ? address : null;
}
