using Dapper;
using Empire.Auditing;
using Empire.Effects;
using Empire.Messaging;
using Npgsql;

namespace Empire.Data;

/// <summary>One transaction of one tenant: its rows, its outgoing events and its planned effects commit together, or none of them does.
/// Disposing without <see cref="CommitAsync"/> rolls back.</summary>
public sealed class Work : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;
    private readonly WorkHooks hooks;
    private readonly List<OutgoingEvent> events = [];
    private readonly List<AuditEntry> audit = [];
    private readonly List<Func<Task>> afterwards = [];
    private int eventsBeforePart, auditBeforePart, afterwardsBeforePart;
    private bool begun;
    private bool audited;
    private bool outboxFilled;
    private bool effectsPlanned;
    private bool committed;

    private Work(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction, WorkHooks hooks)
    {
        (this.source, Connection, Transaction, this.hooks) = (source, connection, transaction, hooks);
    }

    /// <summary>Whose work it is now; empty in work over all tenants.</summary>
    public TenantId Tenant { get; private set; }

    /// <summary>By the clock of the process; every row this work dates should carry it.</summary>
    public DateTimeOffset Now => hooks.Clock.GetUtcNow();

    /// <summary>How long the database may take for one statement, in whole seconds; null: as long as the connection says (30 s where it says nothing). For what must read a whole table.</summary>
    public TimeSpan? Patience { get; set; }

    public NpgsqlConnection Connection { get; private set; }
    public NpgsqlTransaction Transaction { get; private set; }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null, CancellationToken ct = default) =>
        (await SayAsync(() => Connection.QueryAsync<T>(Command(sql, parameters, ct)), ct)).AsList();

    /// <summary>Rows of two types side by side; the second begins at its column <c>id</c>.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T, TOther>(string sql, Func<T, TOther, T> combine, object? parameters = null, CancellationToken ct = default) =>
        (await SayAsync(() => Connection.QueryAsync(Command(sql, parameters, ct), combine), ct)).AsList();

    /// <exception cref="InvalidOperationException">More than one row.</exception>
    public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters = null, CancellationToken ct = default) =>
        SayAsync(() => Connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, ct)), ct);

    /// <exception cref="InvalidOperationException">Not exactly one row.</exception>
    public Task<T> QuerySingleAsync<T>(string sql, object? parameters = null, CancellationToken ct = default) =>
        SayAsync(() => Connection.QuerySingleAsync<T>(Command(sql, parameters, ct)), ct);

    /// <returns>How many rows the statement touched.</returns>
    public Task<int> ExecuteAsync(string sql, object? parameters = null, CancellationToken ct = default) =>
        SayAsync(() => Connection.ExecuteAsync(Command(sql, parameters, ct)), ct);

    /// <summary>Turns a transaction over all tenants to one, until the next call: events published then carry that tenant, rows written must be its own or in a table with system access, and
    /// <c>current_tenant()</c> is it. Tables with system access still show every tenant's rows, so statements say which they mean.</summary>
    public async Task ActForAsync(TenantId tenant, CancellationToken ct = default)
    {
        if (tenant != Tenant) // a tenant's events and audit are its rows: written while they are its own
        {
            await WriteAuditAsync(ct);
            await WriteOutboxAsync(ct);
        }
        await ExecuteAsync("select set_config('empire.tenant', @tenant, true)", new { tenant = tenant.Value.ToString() }, ct);
        Tenant = tenant;
    }

    /// <summary>Puts a fact on the bus when, and only when, this work commits.</summary>
    /// <exception cref="InvalidOperationException">The work has no tenant: call <see cref="ActForAsync"/> first.</exception>
    public void Publish<TEvent>(TEvent fact) where TEvent : class
    {
        if (Tenant.Value == Guid.Empty) throw new InvalidOperationException($"{typeof(TEvent).Name} needs a tenant.");
        events.Add(OutgoingEvent.From(fact, Tenant, hooks.Clock.GetUtcNow()));
    }

    /// <summary>Writes into the audit log, with this work, what was done; who, when, from where and in which trace are added. Inside an HTTP request or gRPC call a work
    /// that changes something and says nothing gets an entry of its own, named after the endpoint.</summary>
    /// <param name="action">The business's verb, as <c>key.revoked</c>.</param>
    /// <param name="entityType">As <c>key</c>.</param>
    /// <param name="entityId">As clients know it: <c>key_…</c>; null where the action has no single object.</param>
    /// <param name="details">What changed, as an object; no secret and no person's data, for these rows stay.</param>
    public void Audit(string action, string entityType, string? entityId, object? details = null)
    {
        audited = true;
        audit.Add(AuditEntry.Of(Tenant, hooks.Clock.GetUtcNow(), action, entityType, entityId, details));
    }

    /// <summary>Says something that matters only once the work has committed, and may be lost: a word to caches. It must not throw.</summary>
    public void AfterCommit(Func<Task> act) => afterwards.Add(act);

    /// <summary>What this work writes is bookkeeping of the platform, nobody's act: it leaves no entry of its own in the audit log.</summary>
    public void NothingToAudit() => audited = true;

    /// <summary>Decides an irreversible act. Its row and its quota tokens commit with this work; the effects worker performs it afterwards, once.</summary>
    /// <returns>Null when planned (or planned before under the same key), otherwise the quota that is used up; then nothing was taken.</returns>
    public async Task<Refusal?> PlanAsync<TIntent>(EffectPlan<TIntent> plan, CancellationToken ct = default) where TIntent : class
    {
        var refusal = await EffectTable.PlanAsync(this, plan, hooks.Clock.GetUtcNow(), ct);
        effectsPlanned |= refusal is null;
        return refusal;
    }

    /// <summary>Withdraws an act that no attempt has begun, and frees its quotas.</summary>
    /// <returns>False when it has begun or is over; then nothing changes.</returns>
    public Task<bool> CancelPlanAsync<TIntent>(string key, CancellationToken ct = default) where TIntent : class =>
        EffectTable.CancelAsync<TIntent>(this, key, hooks.Clock.GetUtcNow(), ct);

    /// <summary>Wakes the effects worker after the commit: it has something to do that was not planned just now.</summary>
    internal void EffectsChanged() => effectsPlanned = true;

    /// <summary>Makes all of it so; in a <see cref="Rehearsal"/> nothing of it.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        if (Rehearsal.IsOn)
        {
            await Transaction.RollbackAsync(ct);   // now, as a commit would: the same request may go on with another work
            committed = true;
            return;
        }
        if (!audited && AuditTrail.Current is { } trail) audit.Add(AuditEntry.Of(Tenant, hooks.Clock.GetUtcNow(), trail));
        await WriteOutboxAsync(ct);
        await WriteAuditAsync(ct);
        FaultPoint.Pass("work.before-commit");
        await Transaction.CommitAsync(ct);
        committed = true;
        FaultPoint.Pass("work.committed");
        if (outboxFilled) hooks.OutboxFilled();
        if (effectsPlanned) hooks.EffectsPlanned();
        foreach (var act in afterwards) await act();
    }

    public async ValueTask DisposeAsync()
    {
        if (!committed) await Transaction.DisposeAsync(); // rolls back; where the line to the server broke, there is nothing left to roll back
        await Connection.DisposeAsync();
    }

    /// <summary>Does a part of this work that stands or falls alone, whichever tenants it acts for: when it says false or throws, what it wrote, published and planned is undone
    /// and the rest of the work goes on.</summary>
    /// <returns>What the part said.</returns>
    public async Task<bool> TryPartAsync(Func<Task<bool>> part, CancellationToken ct)
    {
        // A part may turn to another tenant, which writes out what was published so far: that must not be undone with it.
        await WriteAuditAsync(ct);
        await WriteOutboxAsync(ct);
        var (kept, before) = (false, afterwards.Count);
        await ExecuteAsync("savepoint own_part", ct: ct);
        try
        {
            kept = await part();
            return kept;
        }
        finally
        {
            if (kept) await ExecuteAsync("release savepoint own_part", ct: ct);
            else if (Connection.State == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync("rollback to savepoint own_part; release savepoint own_part", ct: ct);
                events.Clear();
                audit.Clear();
                afterwards.RemoveRange(before, afterwards.Count - before);
            }
        }
    }

    /// <summary>Begins a part of this work that can be undone alone.</summary>
    internal async Task BeginPartAsync(CancellationToken ct)
    {
        await ExecuteAsync("savepoint part", ct: ct);
        (eventsBeforePart, auditBeforePart, afterwardsBeforePart) = (events.Count, audit.Count, afterwards.Count);
    }

    internal Task KeepPartAsync(CancellationToken ct) => ExecuteAsync("release savepoint part", ct: ct);

    /// <summary>Undoes what was written and published since <see cref="BeginPartAsync"/>.</summary>
    internal async Task UndoPartAsync(CancellationToken ct)
    {
        await ExecuteAsync("rollback to savepoint part; release savepoint part", ct: ct);
        events.RemoveRange(eventsBeforePart, events.Count - eventsBeforePart);
        audit.RemoveRange(auditBeforePart, audit.Count - auditBeforePart);
        afterwards.RemoveRange(afterwardsBeforePart, afterwards.Count - afterwardsBeforePart);
    }

    internal static async Task<Work> BeginAsync(NpgsqlDataSource source, TenantId tenant, WorkHooks hooks, CancellationToken ct)
    {
        var (connection, transaction) = await OpenAsync(source, ct);
        var work = new Work(source, connection, transaction, hooks);
        try
        {
            if (tenant.Value != Guid.Empty) await work.ActForAsync(tenant, ct);
            return work;
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    private static async Task<(NpgsqlConnection Connection, NpgsqlTransaction Transaction)> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        try
        {
            return (connection, await connection.BeginTransactionAsync(ct)); // sent with the first statement: no round trip of its own
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the server has gone since a connection was put back is seen only when it is used: each would then cost somebody an answer, long after the server is back. Before the first answer
    /// nothing of this work is written, so that it is said once more on a connection that is new.</summary>
    private async Task<T> SayAsync<T>(Func<Task<T>> statement, CancellationToken ct)
    {
        if (begun) return await statement();
        begun = true;
        try { return await statement(); }
        catch (NpgsqlException e) when (DatabaseOutage.Is(e) && Connection.State != System.Data.ConnectionState.Open)
        {
            var (fresh, transaction) = await OpenAsync(source, ct);
            await Connection.DisposeAsync();
            (Connection, Transaction) = (fresh, transaction);
            return await statement();
        }
    }

    private async Task WriteOutboxAsync(CancellationToken ct)
    {
        if (events.Count == 0) return;
        await OutboxTable.AddAsync(this, events, notify: !hooks.DispatcherWorks, ct);
        events.Clear();
        outboxFilled = true;
    }

    private async Task WriteAuditAsync(CancellationToken ct)
    {
        if (audit.Count == 0) return;
        await AuditTable.AddAsync(this, audit, ct);
        audit.Clear();
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken ct) =>
        new(TenantFilter.IsOff ? TenantFilter.Without(sql) : sql, parameters, Transaction, (int?)Patience?.TotalSeconds, cancellationToken: ct);
}
