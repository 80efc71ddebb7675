using Empire.Data;

namespace Empire.Messaging;

/// <summary>A message that ended in its error queue.</summary>
/// <param name="Event">The contract's name.</param>
/// <param name="Reason">The last exception, type and text.</param>
public sealed record MessageFailure(string Queue, Guid MessageId, string Event, string Reason, DateTimeOffset FailedAt);

internal static class FailureTable
{
    public static Task AddAsync(Work work, MessageFailure failure, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into kernel.message_failures (queue, message_id, tenant_id, event, reason, failed_at)
            values (@Queue, @MessageId, @tenant, @Event, @Reason, @FailedAt)
            on conflict (queue, message_id) do update set reason = excluded.reason, failed_at = excluded.failed_at
            """,
            new { failure.Queue, failure.MessageId, tenant = work.Tenant, failure.Event, failure.Reason, failure.FailedAt }, ct);

    /// <returns>The latest first.</returns>
    public static Task<IReadOnlyList<MessageFailure>> LatestAsync(Work work, string queue, int atMost, CancellationToken ct) =>
        work.QueryAsync<MessageFailure>(
            "select queue, message_id, event, reason, failed_at from kernel.message_failures where tenant_id = current_tenant() and queue = @queue order by failed_at desc limit @atMost",
            new { queue, atMost }, ct);

    public static Task RemoveAsync(Work work, string queue, Guid message, CancellationToken ct) =>
        work.ExecuteAsync("delete from kernel.message_failures where queue = @queue and message_id = @message", new { queue, message }, ct);
}
