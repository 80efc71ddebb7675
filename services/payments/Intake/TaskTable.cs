using Empire.Data;

namespace Empire.Payments.Intake;

/// <param name="Kind">Of the event; null for a fetch.</param>
/// <param name="Takings">How often it was taken up without coming to an end: the process ended meanwhile.</param>
internal sealed record SettleTask(long Id, string Provider, string Subject, string ObjectKey, DateTimeOffset OccurredAt, int Attempts, DateTimeOffset? FirstTriedAt, string Kind, string Body, string Source, short Takings, bool? Test)
{
    public ProviderEvent Event => new(Provider, Subject, Kind, ObjectKey, OccurredAt, Body, Enum.Parse<EventSource>(Source, ignoreCase: true), Test);
}

/// <param name="Generation">Raised each time it is asked for anew: an answer is to those that were asked for before it was claimed.</param>
internal sealed record FetchTask(long Id, string Provider, string Subject, int Attempts, DateTimeOffset? FirstTriedAt, int Generation, short Takings);

internal static class TaskTable
{
    /// <summary>Objects that have due events and that no other worker is at, those that wait the longest first; held until the work ends.</summary>
    /// <param name="most">Objects, 1 to 64.</param>
    public static Task<IReadOnlyList<(string Provider, string ObjectKey)>> ClaimObjectsAsync(Work work, int most, CancellationToken ct) => work.QueryAsync<(string, string)>(
        """
        with objects as materialized (select provider, object_key from due_to_settle(@Now, 64) group by provider, object_key order by min(due_at))
        select provider, object_key from objects where pg_try_advisory_xact_lock(hashtextextended(provider || ':' || object_key, 0)) limit @most
        """, new { work.Now, most }, ct);

    /// <summary>Their events, of each object the oldest first.</summary>
    public static Task<IReadOnlyList<SettleTask>> OfObjectsAsync(Work work, IReadOnlyList<(string Provider, string ObjectKey)> objects, CancellationToken ct) => work.QueryAsync<SettleTask>(
        """
        select t.id, t.provider, t.subject, t.object_key, t.occurred_at, t.attempts, t.first_tried_at, e.kind, e.body, e.source, t.takings, e.test
        from unnest(@providers, @keys) as o (provider, object_key)
        cross join lateral (
          select * from provider_tasks where provider = o.provider and object_key = o.object_key and task = 'settle' and not parked order by occurred_at, id limit 200
        ) t
        join provider_events e on e.provider = t.provider and e.event_id = t.subject
        order by t.provider, t.object_key, t.occurred_at, t.id
        """, new { providers = objects.Select(one => one.Provider).ToArray(), keys = objects.Select(one => one.ObjectKey).ToArray() }, ct);

    /// <summary>Takes one of a provider's for a minute; a process that dies with it leaves it to the next.</summary>
    public static Task<FetchTask?> ClaimFetchAsync(Work work, string provider, CancellationToken ct) => work.QuerySingleOrDefaultAsync<FetchTask>(
        """
        update provider_tasks set due_at = @until, attempts = attempts + 1, takings = takings + 1, first_tried_at = coalesce(first_tried_at, @Now)
        where id = (select id from provider_tasks where task = 'fetch' and provider = @provider and not parked and due_at <= @Now order by due_at, id limit 1 for update skip locked)
        returning id, provider, subject, attempts, first_tried_at, generation, (takings - 1)::smallint as takings
        """, new { provider, work.Now, until = work.Now.AddMinutes(1) }, ct);

    /// <summary>Counts that they are taken up, at once and whatever becomes of the work: a process that ends with them leaves the count behind.</summary>
    /// <remarks>Not waited for until it is on the disk: what is to survive is the end of this process, not of the database's.</remarks>
    public static async Task CountTakingsAsync(Database db, IReadOnlyList<SettleTask> tasks, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        await work.ExecuteAsync("set local synchronous_commit = off; update provider_tasks set takings = takings + 1 where id = any(@ids)", new { ids = tasks.Select(task => task.Id).ToArray() }, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>The work was given up, and the process lives.</summary>
    public static async Task ForgetTakingsAsync(Database db, IEnumerable<long> ids)
    {
        await using var work = await db.BeginSystemAsync(CancellationToken.None);
        work.NothingToAudit();
        await work.ExecuteAsync("update provider_tasks set takings = 0 where id = any(@ids)", new { ids = ids.ToArray() }, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <param name="generation">Of a fetch, as it was claimed: one that was asked for anew meanwhile stays, for the answer may be older than what made somebody ask.</param>
    public static Task DoneAsync(Work work, long id, CancellationToken ct, int generation = 0) => work.ExecuteAsync("delete from provider_tasks where id = @id and generation = @generation", new { id, generation }, ct);

    /// <summary>Asks for an object of the provider's; also again where it is being asked for, or was given up.</summary>
    public static Task FetchLaterAsync(Work work, string provider, string path, string objectKey, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) values (@provider, 'fetch', @path, @objectKey, @Now, @Now)
        on conflict (provider, task, subject) do update set generation = provider_tasks.generation + 1, due_at = @Now, attempts = 0, takings = 0, first_tried_at = null, problem = null, parked = false, dismissed_at = null
        """, new { provider, path, objectKey, work.Now }, ct);

    /// <param name="parked">A person looks; it is not tried again by itself.</param>
    public static Task PostponeAsync(Work work, long id, string problem, DateTimeOffset due, bool parked, CancellationToken ct, int generation = 0) => work.ExecuteAsync(
        """
        update provider_tasks set attempts = attempts + case when task = 'settle' then 1 else 0 end, first_tried_at = coalesce(first_tried_at, @Now), problem = left(@problem, 500), due_at = @due, parked = @parked, takings = 0 where id = @id and generation = @generation
        """, new { id, generation, problem, due, parked, work.Now }, ct);
}
