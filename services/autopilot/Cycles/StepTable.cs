using System.Text.Json;
using Empire.Data;

namespace Empire.Autopilot.Cycles;

/// <summary>The runner's side of the tables: admission, claims, leases and what came of them.</summary>
internal static class StepTable
{
    /// <summary>Lets waiting cycles start while there is room, oldest first.</summary>
    public static Task AdmitAsync(Work work, int concurrency, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            select pg_advisory_xact_lock(hashtext('cycles.admission')) where exists (select from cycles where state = 'queued');
            update cycles set state = 'running' where state = 'queued' and id in (
              select id from cycles where state = 'queued' and not kernel.is_closed(tenant_id) order by id
              limit greatest(0, @concurrency - (select count(*)::int from cycles where state = 'running')))
            """, new { concurrency }, ct);

    /// <summary>Takes the next step that is due and that nobody holds. Taking over from a runner that fell silent closes its attempt as lost.</summary>
    public static async Task<ClaimedStep?> ClaimAsync(Work work, string runner, TimeSpan lease, DateTimeOffset now, CancellationToken ct)
    {
        var step = await work.QuerySingleOrDefaultAsync<ClaimedStep>(
            """
            select s.cycle_id, s.tenant_id, s.ordinal, s.name, s.state, s.attempts, s.failures, s.failing_since, s.started_at, c.day, c.source, c.feed_id, c.plan::text as plan
            from cycle_steps s join cycles c on c.id = s.cycle_id
            where c.state = 'running' and s.state in ('pending', 'running', 'waiting') and s.due_at <= @now and coalesce(s.lease_until, @now) <= @now and not exists (select from kernel.closed_accounts a where a.tenant_id = s.tenant_id and a.closed)
              and not exists (select from cycle_steps earlier where earlier.cycle_id = s.cycle_id and earlier.ordinal < s.ordinal and earlier.state <> 'succeeded')
            order by s.due_at, s.cycle_id limit 1 for update of s skip locked
            """, new { now }, ct);
        if (step is null) return null;
        await work.ActForAsync(step.TenantId, ct);
        if (step.State == "running") await CloseAttemptAsync(work, step, "lost", "Its runner fell silent: the process died or was cut off.", now, ct);
        var looksAgain = step.State == "waiting";
        var claimed = step with { Attempts = looksAgain ? step.Attempts : step.Attempts + 1, StartedAt = step.StartedAt ?? now };
        await work.ExecuteAsync(
            """
            update cycle_steps set state = 'running', attempts = @Attempts, started_at = @StartedAt, leased_by = @runner, lease_until = @until
            where tenant_id = current_tenant() and cycle_id = @CycleId and ordinal = @Ordinal
            """, new { claimed.CycleId, claimed.Ordinal, claimed.Attempts, claimed.StartedAt, runner, until = now + lease }, ct);
        if (!looksAgain)
            await work.ExecuteAsync(
                "insert into cycle_attempts (cycle_id, ordinal, number, tenant_id, started_at) values (@CycleId, @Ordinal, @Attempts, @TenantId, @now)",
                new { claimed.CycleId, claimed.Ordinal, claimed.Attempts, claimed.TenantId, now }, ct);
        return claimed;
    }

    /// <returns>False when the step is no longer this runner's.</returns>
    public static async Task<bool> RenewAsync(Work work, ClaimedStep step, string runner, DateTimeOffset until, CancellationToken ct) =>
        await work.ExecuteAsync(
            "update cycle_steps set lease_until = @until where tenant_id = current_tenant() and cycle_id = @CycleId and ordinal = @Ordinal and leased_by = @runner and state = 'running'",
            new { step.CycleId, step.Ordinal, runner, until }, ct) == 1;

    /// <summary>Writes what a run came to, unless another runner has taken the step since. What went well ends the row of errors.</summary>
    public static async Task<bool> RecordAsync(
        Work work, ClaimedStep step, string runner, string state, object? evidence, string? error, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken ct, (int Count, DateTimeOffset Since)? failing = null)
    {
        var mine = await work.ExecuteAsync(
            """
            update cycle_steps set state = @state, evidence = coalesce(@evidence::jsonb, evidence), error = @error, due_at = @dueAt, leased_by = null, lease_until = null, failures = @failures,
              failing_since = @failingSince, finished_at = case when @state in ('succeeded', 'failed') then @now end
            where tenant_id = current_tenant() and cycle_id = @CycleId and ordinal = @Ordinal and leased_by = @runner and state = 'running'
            """,
            new
            {
                step.CycleId, step.Ordinal, runner, state, error, dueAt, now, failures = failing?.Count ?? 0, failingSince = failing?.Since,
                evidence = evidence is null ? null : JsonSerializer.Serialize(evidence, EvidenceJson.Options),
            }, ct) == 1;
        if (mine && state is not "waiting") await CloseAttemptAsync(work, step, state == "succeeded" ? "succeeded" : "failed", error, now, ct);
        return mine;
    }

    /// <summary>By the cycle's own steps: a release that adds one must not leave the cycles of the day before without an end.</summary>
    public static Task<bool> IsLastAsync(Work work, ClaimedStep step, CancellationToken ct) => work.QuerySingleAsync<bool>(
        "select not exists (select from cycle_steps where tenant_id = current_tenant() and cycle_id = @CycleId and ordinal > @Ordinal)", new { step.CycleId, step.Ordinal }, ct);

    private static Task CloseAttemptAsync(Work work, ClaimedStep step, string outcome, string? error, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update cycle_attempts set finished_at = @now, outcome = @outcome, error = @error
            where tenant_id = current_tenant() and cycle_id = @CycleId and ordinal = @Ordinal and number = @Attempts and finished_at is null
            """, new { step.CycleId, step.Ordinal, step.Attempts, outcome, error, now }, ct);
}

internal static class EvidenceJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}

internal sealed record ClaimedStep
{
    public Guid CycleId { get; init; }
    public TenantId TenantId { get; init; }
    public int Ordinal { get; init; }
    public string Name { get; init; } = "";
    public string State { get; init; } = "";
    public int Attempts { get; init; }

    /// <summary>Errors since it last went well.</summary>
    public int Failures { get; init; }
    public DateTimeOffset? FailingSince { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateOnly Day { get; init; }
    public string Source { get; init; } = "";
    public Guid? FeedId { get; init; }
    public string Plan { get; init; } = "";

    public CycleContext ToContext() =>
        new(CycleId, TenantId, Day, Source, FeedId, JsonSerializer.Deserialize<CyclePlan>(Plan, JsonSerializerOptions.Web)!, StartedAt!.Value);
}
