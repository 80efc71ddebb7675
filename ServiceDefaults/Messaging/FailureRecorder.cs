using Empire.Data;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Empire.Messaging;

/// <summary>Notes why a message is about to be moved to its error queue. The move does not depend on the note.</summary>
internal sealed partial class FailureRecorder(string queue, Database database, TimeProvider clock, ILogger<FailureRecorder> log) : IFilter<ExceptionReceiveContext>
{
    private const int ReasonLength = 1_000;

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var exception = context.Exception.GetBaseException();
        LogGivenUp(log, queue, exception);
        try
        {
            if (Guid.TryParse(context.TransportHeaders.Get<string>(MessagingNames.TenantHeader), out var tenant) && tenant != Guid.Empty && context.GetMessageId() is { } id)
                await RecordAsync(new(tenant), id, EventOf(context), $"{exception.GetType().Name}: {exception.Message}");
        }
        catch (Exception e)
        {
            LogUnrecorded(log, queue, e);
        }
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("empire-failure");

    private async Task RecordAsync(TenantId tenant, Guid id, string fact, string reason)
    {
        await using var work = await database.BeginAsync(tenant, CancellationToken.None);
        var shortened = reason.Length > ReasonLength ? reason[..ReasonLength] : reason;
        await FailureTable.AddAsync(work, new(queue, id, fact, shortened, clock.GetUtcNow()), CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static string EventOf(ReceiveContext context) =>
        (context.TransportHeaders.Get<string>(MessageHeaders.MessageType) ?? "unknown").Split(':')[^1];

    [LoggerMessage(1, LogLevel.Error, "A message at {Queue} failed for good and goes to the error queue; redrive it when the cause is gone")]
    private static partial void LogGivenUp(ILogger log, string queue, Exception e);
    [LoggerMessage(2, LogLevel.Warning, "The reason of a failure at {Queue} could not be recorded")] private static partial void LogUnrecorded(ILogger log, string queue, Exception e);
}
