using System.Diagnostics;
using Empire.Data;
using Empire.Http;
using MassTransit;

namespace Empire.Messaging;

/// <summary>One message that waits at a handler; the broker hears of it when <see cref="Settled"/> ends.</summary>
internal abstract class Delivery(ConsumeContext context)
{
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the handler's transaction has committed; fails with what the handler threw.</summary>
    public Task Settled => settled.Task;

    public Guid MessageId { get; } = context.MessageId ?? throw new InvalidMessageException("It has no message id.");

    public TenantId Tenant { get; } = Guid.TryParse(context.Headers.Get<string>(MessagingNames.TenantHeader), out var tenant) && tenant != Guid.Empty
        ? new(tenant)
        : throw new InvalidMessageException($"It has no valid {MessagingNames.TenantHeader} header.");

    public void Settle() => settled.TrySetResult();

    public void Fail(Exception exception) => settled.TrySetException(exception);

    /// <summary>Runs the handler under the trace and the actor that the message brought.</summary>
    public async Task HandleAsync(IServiceProvider scope, Work work, string queue, CancellationToken ct)
    {
        var traced = ActivityContext.TryParse(context.Headers.Get<string>(MessagingNames.TraceHeader), null, isRemote: true, out var parent);
        using var activity = MessagingTelemetry.Source.StartActivity($"process {queue}", ActivityKind.Consumer, traced ? parent : default);
        activity?.SetTag("messaging.system", "rabbitmq").SetTag("messaging.destination.name", queue).SetTag("messaging.message.id", MessageId).SetTag(TenantTag.Name, Tenant.ToString());
        Actor.Is(context.Headers.Get<string>(MessagingNames.ActorHeader));
        try
        {
            await InvokeAsync(scope, work, ct);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }

    protected abstract Task InvokeAsync(IServiceProvider scope, Work work, CancellationToken ct);
}

/// <inheritdoc cref="Delivery"/>
internal sealed class Delivery<TEvent>(ConsumeContext<TEvent> context, Type handler) : Delivery(context) where TEvent : class
{
    protected override Task InvokeAsync(IServiceProvider scope, Work work, CancellationToken ct) =>
        ((IHandle<TEvent>)scope.GetService(handler)!).HandleAsync(context.Message, work, ct);
}

/// <summary>A message that no attempt can handle, as it stands.</summary>
internal sealed class InvalidMessageException(string message) : Exception(message);
