using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.ClosedAccounts;

/// <summary>A service's part in closing an account and opening it again. A service that does anything by itself derives one class and names its queue <c>{service}.account-standing</c>. What is kept here
/// (<c>kernel.closed_accounts</c>, asked with <c>kernel.is_closed</c>) ends the performing of effects that do not go on for closed accounts; the service's own workers ask it where they claim.</summary>
public abstract class AccountStandingHandler : IHandle<AccountClosed>, IHandle<AccountOpened>
{
    /// <summary>What else the service does for an account that is closed now. Safe to repeat.</summary>
    protected virtual Task ClosedAsync(AccountClosed fact, Work work, CancellationToken ct) => Task.CompletedTask;

    /// <summary>What else the service does for an account that is open again. Safe to repeat.</summary>
    protected virtual Task OpenedAsync(AccountOpened fact, Work work, CancellationToken ct) => Task.CompletedTask;

    public async Task HandleAsync(AccountClosed fact, Work work, CancellationToken ct)
    {
        if (!await HeardAsync(work, closed: true, fact.Erased, fact.OccurredAt, ct)) return;
        if (fact.Erased) await Effects.EffectTable.WithdrawAsync(work, ct); // nobody comes back to it: it would lie there for ever
        await ClosedAsync(fact, work, ct);
    }

    public async Task HandleAsync(AccountOpened fact, Work work, CancellationToken ct)
    {
        if (!await HeardAsync(work, closed: false, erased: false, fact.OccurredAt, ct)) return;
        // Weeks late, an act may no longer be wanted: what was due while nothing was done waits for a person's word. What was planned since it is open is nothing of that time.
        await work.ExecuteAsync(
            """
            update kernel.effects set state = 'held', detail = 'It was due while the account was closed.'
            where tenant_id = current_tenant() and state = 'planned' and planned_at < @OccurredAt and due_at <= @OccurredAt and kind <> all(@always)
            """, new { fact.OccurredAt, always = Effects.EffectKinds.WhenClosed }, ct);
        await OpenedAsync(fact, work, ct);
    }

    /// <returns>False when something later was heard before.</returns>
    private static async Task<bool> HeardAsync(Work work, bool closed, bool erased, DateTimeOffset at, CancellationToken ct) => await work.ExecuteAsync(
        """
        insert into kernel.closed_accounts as a (tenant_id, closed, erased, told_at) values (@Tenant, @closed, @erased, @at)
        on conflict (tenant_id) do update set closed = excluded.closed, erased = excluded.erased, told_at = excluded.told_at where a.told_at <= excluded.told_at
        """, new { work.Tenant, closed, erased, at }, ct) == 1;
}
