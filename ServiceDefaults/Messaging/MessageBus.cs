using System.Reflection;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Rescue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Empire.Messaging;

/// <summary>MassTransit as the kernel uses it: one quorum queue per handler bound to its events' exchanges, bodies as stored, a bounded retry in place, then the
/// error queue.</summary>
internal static class MessageBus
{
    private static readonly MethodInfo HandleEvent = typeof(MessageBus).GetMethod(nameof(Handle), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static void Configure(IBusRegistrationContext services, IRabbitMqBusFactoryConfigurator bus)
    {
        var options = services.GetRequiredService<IOptions<MessagingOptions>>().Value;
        var names = services.GetRequiredService<MessagingNames>();
        bus.Host(options.Address, host => host.PublisherConfirmation = true);
        bus.MessageTopology.SetEntityNameFormatter(names);
        bus.UseRawJsonDeserializer(RawSerializerOptions.AddTransportHeaders | RawSerializerOptions.CopyHeaders, isDefault: true);
        foreach (var queue in services.GetRequiredService<HandlerMap>().Queues)
            bus.ReceiveEndpoint(names.Queue(queue.Name), endpoint => Configure(services, endpoint, queue, options));
    }

    private static void Configure(IServiceProvider services, IRabbitMqReceiveEndpointConfigurator endpoint, HandlerQueue queue, MessagingOptions options)
    {
        endpoint.SetQuorumQueue();
        var prefetch = options.HandleBatch * (options.BatchesAbreast + 1); // the next batch is already here while these commit
        (endpoint.PrefetchCount, endpoint.ConcurrentMessageLimit) = (prefetch, prefetch);
        endpoint.PublishFaults = false;
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<InvalidMessageException>();
            retry.Intervals(options.RetryAfter ?? MessagingOptions.RetryAfterByDefault);
        });
        var toErrorQueue = Pipe.New<ExceptionReceiveContext>(error =>
        {
            error.UseFilter(ActivatorUtilities.CreateInstance<FailureRecorder>(services, queue.Name));
            error.UseFilter(new GenerateFaultFilter()); // tells the transport that the message is settled; without it, it comes again
            error.UseFilter(new ErrorTransportFilter());
        });
        endpoint.ConfigureError(error => error.UseExecuteAsync(toErrorQueue.Send));
        endpoint.ConfigureDeadLetter(unknown => unknown.UseExecuteAsync(message => // an event of another type is an error to see, not to hide
            toErrorQueue.Send(new RescueExceptionReceiveContext(message, new InvalidMessageException("Nobody handles this type of event here.")))));
        var reader = services.GetRequiredService<QueueReaders>()[queue];
        foreach (var fact in queue.Events) HandleEvent.MakeGenericMethod(fact).Invoke(null, [endpoint, reader, queue.Handler]);
    }

    private static void Handle<TEvent>(IReceiveEndpointConfigurator endpoint, QueueReader reader, Type handler) where TEvent : class =>
        endpoint.Handler<TEvent>(context => reader.HandleAsync(new Delivery<TEvent>(context, handler)));
}
