using Empire.Data;

namespace Empire.Messaging;

/// <summary>The ids of messages a queue's handler has dealt with. A row commits with what the handler did, so a repeat is known by it.</summary>
internal static class InboxTable
{
    /// <returns>Those that are new. A message that another replica is handling right now is waited for.</returns>
    public static async Task<HashSet<Guid>> AddAsync(Work work, string queue, IEnumerable<Guid> messages, CancellationToken ct) =>
        [.. await work.QueryAsync<Guid>(
            """
            insert into kernel.inbox (queue, message_id, handled_at) select @queue, id, @now from unnest(@ids) id
            on conflict do nothing returning message_id
            """,
            // Sorted: two replicas with the same messages wait for each other in the same order.
            new { queue, ids = messages.Distinct().Order().ToArray(), now = work.Now }, ct)];

    public static Task RemoveAsync(Work work, string queue, IEnumerable<Guid> messages, CancellationToken ct) =>
        work.ExecuteAsync("delete from kernel.inbox where queue = @queue and message_id = any (@ids)", new { queue, ids = messages.ToArray() }, ct);

    /// <returns>How many rows went; less than <paramref name="atMost"/> when no more are due.</returns>
    public static Task<int> SweepAsync(Work work, DateTimeOffset handledBefore, int atMost, CancellationToken ct) =>
        work.ExecuteAsync(
            "delete from kernel.inbox where ctid = any (array(select ctid from kernel.inbox where handled_at < @handledBefore limit @atMost))",
            new { handledBefore, atMost }, ct);
}
