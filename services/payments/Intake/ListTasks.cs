using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Intake;

/// <summary>Events that could not be taken in, or not yet; for whoever runs the installation, since it is not known whose they are.</summary>
public static class ListTasks
{
    private static readonly Refusal NotYours = new("operator-needed", "Only the operator of the installation sees what the providers told.");

    /// <param name="Task">settle: take an event in; fetch: ask the provider for an object.</param>
    /// <param name="Parked">Given up: it is not tried again by itself.</param>
    /// <param name="Problem">Why the last try came to nothing.</param>
    /// <example>{"id": 412, "provider": "stripe", "task": "settle", "subject": "evt_1Q7f3aK2cXw9", "kind": "refund.updated", "attempts": 3, "parked": false,
    /// "problem": "refund.updated speaks of nothing that is known here.", "due_at": "2026-03-02T08:04:00+00:00", "occurred_at": "2026-03-02T08:00:00+00:00"}</example>
    public sealed record Waiting(long Id, string Provider, string Task, string Subject, string? Kind, int Attempts, bool Parked, string? Problem, DateTimeOffset DueAt, DateTimeOffset OccurredAt);

    /// <summary>What waits, the oldest first.</summary>
    /// <param name="parked">True: only what is given up; false: only what is tried again; null: both.</param>
    /// <param name="dismissed">True: only what a person has laid aside; otherwise only what nobody has.</param>
    public static async Task<Results<Ok<Page<Waiting>>, ProblemHttpResult>> HandleAsync(bool? parked, bool? dismissed, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.Operator) return NotYours.ToProblem(StatusCodes.Status403Forbidden);
        var after = page.After<long>();
        await using var work = await db.BeginSystemAsync(ct);
        var rows = await work.QueryAsync<Waiting>(
            """
            select t.id, t.provider, t.task, t.subject, e.kind, t.attempts, t.parked, t.problem, t.due_at, t.occurred_at
            from provider_tasks t left join provider_events e on t.task = 'settle' and e.provider = t.provider and e.event_id = t.subject
            where (@parked::boolean is null or t.parked = @parked) and (t.dismissed_at is not null) = coalesce(@dismissed::boolean, false) and (@after::bigint is null or t.id > @after) order by t.id limit @Fetch
            """, new { parked, dismissed, after, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => row.Id));
    }

    /// <summary>Lays one aside that is nothing of ours, as what belongs to another product on the same account of a provider: it is neither tried nor shown any more. The event stays, and so does that it was not taken in.</summary>
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DismissAsync(long id, Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.Operator) return NotYours.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        if (await work.ExecuteAsync("update provider_tasks set parked = true, dismissed_at = coalesce(dismissed_at, @Now) where id = @id", new { work.Now, id }, ct) == 0) return TypedResults.NotFound();
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Tries one again now, also where it was given up or laid aside.</summary>
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> RetryAsync(long id, Caller caller, Database db, TaskSignal signal, CancellationToken ct)
    {
        if (!caller.Operator) return NotYours.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        if (await work.ExecuteAsync("update provider_tasks set parked = false, dismissed_at = null, due_at = @Now, first_tried_at = null, attempts = 0, takings = 0 where id = @id", new { work.Now, id }, ct) == 0) return TypedResults.NotFound();
        await work.CommitAsync(ct);
        signal.Set();
        return TypedResults.NoContent();
    }
}
