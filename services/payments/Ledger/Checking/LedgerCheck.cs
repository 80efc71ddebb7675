using Empire.Contracts;
using Empire.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Empire.Payments.Ledger.Checking;

/// <summary>What one turn of the check saw.</summary>
/// <param name="Whole">All lines were read, not only the new ones.</param>
/// <param name="Lines">How many.</param>
/// <param name="Open">Drifts that stand after it.</param>
public sealed record CheckResult(bool Whole, long Lines, int Open);

/// <summary>Holds balances against the sum of the lines, and each entry against zero. One snapshot sees both, so a booking under way is never taken for a drift.</summary>
/// <remarks>Lines carry the transaction that wrote them. Those of transactions that had ended are summed once and remembered; a turn reads only the rest. A whole turn reads everything anew, which alone
/// finds an old line that was altered.</remarks>
public sealed partial class LedgerCheck(Database db, IOptions<LedgerOptions> options, ILogger<LedgerCheck> log)
{
    /// <summary>How long it can be seen that a turn read everything, or found something.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>The turn that is due, if one is.</summary>
    /// <returns>Null when none is due, or another replica is at it.</returns>
    public Task<CheckResult?> DueAsync(CancellationToken ct) => CheckAsync(dueOnly: true, whole: false, ct);

    /// <summary>A turn now.</summary>
    /// <returns>Null when another replica is at it.</returns>
    public Task<CheckResult?> NowAsync(bool whole, CancellationToken ct) => CheckAsync(dueOnly: false, whole, ct);

    private async Task<CheckResult?> CheckAsync(bool dueOnly, bool whole, CancellationToken ct)
    {
        try
        {
            await using var work = await db.BeginSystemAsync(ct);
            work.NothingToAudit();
            await work.ExecuteAsync("set transaction isolation level repeatable read; set local statement_timeout = 0", ct: ct);
            var started = work.Now;
            var state = await work.QuerySingleOrDefaultAsync<State>(
                """
                select checked_until, pg_snapshot_xmin(pg_current_snapshot())::text::bigint as ended_below, whole_due_at <= @started as whole_due
                from ledger_check_state where due_at <= @started or not @dueOnly for update skip locked
                """, new { started, dueOnly }, ct);
            if (state is null) return null;
            whole = whole || state.WholeDue || state.EndedBelow < state.CheckedUntil; // the last: the database was restored into a younger server
            var turn = new { from = whole ? 0 : state.CheckedUntil, until = state.EndedBelow, whole, now = started };
            var lines = await work.QuerySingleAsync<long>("select count(*) from ledger_lines where written_by >= @from", turn, ct);
            IReadOnlyList<Drift> drifts = [.. await BalancesAsync(work, turn, ct), .. await EntriesAsync(work, turn, ct)];
            await RememberAsync(work, turn, whole, ct);
            var open = await AlarmAsync(work, drifts, whole, ct);
            await work.ExecuteAsync(
                "insert into ledger_checks (id, whole, started_at, finished_at, lines, drifts) values (@id, @whole, @started, @Now, @lines, @open)",
                new { id = Guid.CreateVersion7(started), whole, started, work.Now, lines, open }, ct);
            await ForgetAsync(work, ct);
            await work.ExecuteAsync(
                "update ledger_check_state set checked_until = @until, due_at = @due, whole_due_at = case when @whole then @wholeDue else whole_due_at end",
                new { turn.until, due = started + options.Value.CheckEvery, whole, wholeDue = started + options.Value.CheckWholeEvery }, ct);
            await work.CommitAsync(ct);
            return new(whole, lines, open);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure)
        {
            return null; // another replica ended its turn while this one began
        }
    }

    private static Task<IReadOnlyList<Drift>> BalancesAsync(Work work, object turn, CancellationToken ct) => work.QueryAsync<Drift>(
        """
        with summed as (
          select tenant_id, account, currency, test, sum(debit) as debit, sum(credit) as credit, sum(lines) as lines from (
            select tenant_id, account, currency, test, sum(greatest(micros, 0)) as debit, sum(greatest(-micros, 0)) as credit, count(*) as lines
            from ledger_lines where written_by >= @from group by 1, 2, 3, 4
            union all
            select tenant_id, account, currency, test, debit_micros, credit_micros, lines from ledger_checked where not @whole) as parts
          group by 1, 2, 3, 4
        ), balances as (
          select tenant_id, account, currency, test, sum(debit_micros) as debit, sum(credit_micros) as credit, sum(lines) as lines from ledger_balances group by 1, 2, 3, 4
        )
        select tenant_id, 'balance' as kind, account || ' ' || currency || case when test then ' test' else '' end as subject,
          format('The balance says debit %s, credit %s of %s lines; the lines sum to debit %s, credit %s of %s lines (in millionths).',
            coalesce(b.debit, 0), coalesce(b.credit, 0), coalesce(b.lines, 0), coalesce(s.debit, 0), coalesce(s.credit, 0), coalesce(s.lines, 0)) as detail
        from summed s full join balances b using (tenant_id, account, currency, test)
        where (s.debit, s.credit, s.lines) is distinct from (b.debit, b.credit, b.lines)
        """, turn, ct);

    /// <summary>What is said of the newest sound turn says all that the ones like it before it said. Whole turns and those with drifts are kept for <see cref="Kept"/>.</summary>
    private static Task<int> ForgetAsync(Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        delete from ledger_checks c using (select max(finished_at) as at from ledger_checks where drifts = 0) as sound
        where (c.drifts = 0 and not c.whole and c.finished_at < sound.at) or (c.finished_at < @old and c.finished_at is distinct from sound.at)
        """, new { old = work.Now - Kept }, ct);

    /// <summary>An entry's lines are of one transaction, so new lines are whole entries.</summary>
    private static Task<IReadOnlyList<Drift>> EntriesAsync(Work work, object turn, CancellationToken ct) => work.QueryAsync<Drift>(
        """
        select tenant_id, 'entry' as kind, entry_id::text as subject, string_agg(format('%s is off by %s millionths', currency, off), '; ') as detail from (
          select tenant_id, entry_id, currency, sum(micros) as off from ledger_lines where written_by >= @from group by 1, 2, 3 having sum(micros) <> 0) as unbalanced
        group by 1, 2, 3
        union all
        select e.tenant_id, 'entry', e.id::text, 'It has no lines' from ledger_entries e where @whole and not exists (select from ledger_lines l where l.entry_id = e.id)
        """, turn, ct);

    private static async Task RememberAsync(Work work, object turn, bool whole, CancellationToken ct)
    {
        if (whole) await work.ExecuteAsync("delete from ledger_checked", ct: ct);
        await work.ExecuteAsync(
            """
            insert into ledger_checked as c (tenant_id, account, currency, test, debit_micros, credit_micros, lines)
            select tenant_id, account, currency, test, sum(greatest(micros, 0)), sum(greatest(-micros, 0)), count(*)
            from ledger_lines where written_by >= @from and written_by < @until group by 1, 2, 3, 4
            on conflict (tenant_id, account, currency, test) do update
            set debit_micros = c.debit_micros + excluded.debit_micros, credit_micros = c.credit_micros + excluded.credit_micros, lines = c.lines + excluded.lines
            """, turn, ct);
    }

    /// <returns>How many stand open.</returns>
    private async Task<int> AlarmAsync(Work work, IReadOnlyList<Drift> drifts, bool whole, CancellationToken ct)
    {
        await work.ExecuteAsync(
            """
            update ledger_drifts d set healed_at = @Now
            where healed_at is null and (@whole or kind = 'balance')
              and not exists (select from unnest(@tenants, @kinds, @subjects) as f (tenant_id, kind, subject) where (f.tenant_id, f.kind, f.subject) = (d.tenant_id, d.kind, d.subject))
            """, new { work.Now, whole, tenants = Column(drift => drift.TenantId), kinds = Column(drift => drift.Kind), subjects = Column(drift => drift.Subject) }, ct);
        foreach (var drift in drifts)
        {
            await work.ActForAsync(new(drift.TenantId), ct);
            var id = Guid.CreateVersion7(work.Now);
            var fresh = await work.ExecuteAsync(
                """
                insert into ledger_drifts (id, tenant_id, kind, subject, detail, found_at) values (@id, @TenantId, @Kind, @Subject, @Detail, @Now)
                on conflict (tenant_id, kind, subject) where healed_at is null do nothing
                """, new { id, drift.TenantId, drift.Kind, drift.Subject, drift.Detail, work.Now }, ct) == 1;
            if (!fresh) continue;
            work.Publish(new LedgerDriftFound { TenantId = drift.TenantId, DriftId = id, Kind = drift.Kind, Subject = drift.Subject, Detail = drift.Detail, OccurredAt = work.Now });
            LogDrift(log, drift.TenantId, drift.Kind, drift.Subject, drift.Detail);
        }
        return await work.QuerySingleAsync<int>("select count(*)::int from ledger_drifts where healed_at is null", ct: ct);

        TColumn[] Column<TColumn>(Func<Drift, TColumn> of) => [.. drifts.Select(of)];
    }

    private sealed record State(long CheckedUntil, long EndedBelow, bool WholeDue);

    private sealed record Drift
    {
        public Guid TenantId { get; init; }
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Detail { get; init; } = "";
    }

    [LoggerMessage(1, LogLevel.Error, "The books of {Tenant} drifted, {Kind} {Subject}: {Detail}")]
    private static partial void LogDrift(ILogger log, Guid tenant, string kind, string subject, string detail);
}
