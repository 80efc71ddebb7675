using Empire.Data;

namespace Empire.Payments.Intake;

/// <summary>The raw log: every word of the providers, once, and the task to take it in.</summary>
public sealed class EventLog(Database db, TaskSignal signal, TimeProvider clock)
{
    /// <summary>Stores an event and its task in one statement; it is durable when this returns.</summary>
    /// <returns>False when it was stored before; then nothing changes.</returns>
    public async Task<bool> StoreAsync(ProviderEvent told, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        var stored = await StoreAsync(work, told, clock.GetUtcNow(), ct);
        FaultPoint.Pass("payments.event-stored");
        await work.CommitAsync(ct);
        if (stored) signal.Set();
        return stored;
    }

    internal static async Task<bool> StoreAsync(Work work, ProviderEvent told, DateTimeOffset now, CancellationToken ct) =>
        await work.QuerySingleAsync<int>(
            """
            with stored as (
              insert into provider_events (provider, event_id, kind, object_key, occurred_at, body, source, received_at)
              values (@Provider, @EventId, @Kind, @ObjectKey, @OccurredAt, @Body, @source, @now)
              on conflict do nothing returning provider, event_id, object_key, occurred_at
            ), task as (
              insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) select provider, 'settle', event_id, object_key, occurred_at, @now from stored
            )
            select count(*)::int from stored
            """,
            new { told.Provider, told.EventId, told.Kind, told.ObjectKey, told.OccurredAt, told.Body, source = told.Source.ToString().ToLowerInvariant(), now }, ct) == 1;
}
