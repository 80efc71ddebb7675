using Empire.ClosedAccounts;
using Empire.Contracts;
using Empire.Data;
using Empire.Effects;
using Empire.Messaging;
using Empire.Payments.Tiers;

namespace Empire.Payments.Subscriptions;

/// <summary>Nobody is charged for, or by, a closed account. What it subscribes to here and what its own customers subscribe to ends with the period that is paid, where it may be opened again, and at once where its last
/// person is forgotten; what is past due ends at once in any case, for the provider would go on trying. What was paid is not sent back by itself.</summary>
[Queue("payments.account-standing")]
public sealed class AccountStanding(Database db) : AccountStandingHandler
{
    protected override async Task ClosedAsync(AccountClosed fact, Work work, CancellationToken ct)
    {
        var closed = new ClosedAccount(fact.TenantId, fact.Erased, fact.OccurredAt);
        await closed.EndAllAsync(work, "true", ct);
        TenantId? seller;
        await using (var system = await db.BeginSystemAsync(ct)) seller = await KnownOperator.FindAsync(system, ct);
        if (seller is not { } books) return; // nobody has paid for a tier yet
        await work.ActForAsync(books, ct);
        await closed.EndAllAsync(work, "c.account_id = @Tenant", ct);
    }
}

/// <summary>An account of which nothing may go on.</summary>
/// <param name="At">When it was closed.</param>
internal sealed record ClosedAccount(Guid Tenant, bool Erased, DateTimeOffset At)
{
    /// <summary>The seller's account, or that of the customer, where one of them is closed; the one of which less may go on.</summary>
    /// <param name="work">Over all tenants, or of the one account that is asked for.</param>
    public static Task<ClosedAccount?> FindAsync(Work work, Guid seller, Guid? payer, CancellationToken ct) => work.QuerySingleOrDefaultAsync<ClosedAccount>(
        "select tenant_id as tenant, erased, told_at as at from kernel.closed_accounts where closed and tenant_id in (@seller, @payer) order by erased desc limit 1", new { seller, payer }, ct);

    /// <summary>Ends a subscription of which the provider has just told.</summary>
    /// <param name="report">By what: one that was to end with its period, and goes on, was taken up again at the provider's own pages, and is to end once more. What ended at once is over for good.</param>
    public Task EndAsync(Work work, Guid subscription, string report, CancellationToken ct) => EndAsync(work, "s.id = @subscription", subscription, report, ct);

    /// <param name="payers">Whose: of the customers <c>c</c> of the work's account.</param>
    public async Task EndAllAsync(Work work, string payers, CancellationToken ct)
    {
        // Waits for what is just being told of these customers: either it finds the account closed, or it is found here.
        await work.ExecuteAsync($"select from customers c where c.tenant_id = current_tenant() and {payers} order by c.id for update", new { Tenant }, ct);
        await EndAsync(work, payers, null, null, ct);
    }

    private async Task EndAsync(Work work, string which, Guid? subscription, string? report, CancellationToken ct)
    {
        foreach (var row in await work.QueryAsync<(Guid Id, Guid Customer, string Act)>(
            $"""
            select s.id, s.customer_id, w.act from subscriptions s join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
              cross join lateral (select case when @Erased or s.status not in ('active', 'trialing') then 'cancel' else 'cancel-at-end' end as act) w
            where s.tenant_id = current_tenant() and {which} and s.provider_ref is not null and s.status not in ('canceled', 'incomplete_expired', 'failed') and not (w.act = 'cancel-at-end' and s.cancel_at_period_end)
            order by s.id
            """, new { Tenant, Erased, subscription }, ct))
        {
            var id = PublicId.Format(SubscriptionView.Prefix, row.Id);
            var again = row.Act == "cancel-at-end" && report is not null ? $":{report}" : "";
            await work.PlanAsync(new EffectPlan<SubscriptionAct>($"{id}:closed:{At.ToUnixTimeMilliseconds()}:{row.Act}{again}", new(row.Id, row.Customer, row.Act, null, null, null, null, null)), ct);
            work.Audit($"subscription.{row.Act}", "subscription", id, new { because = "account-closed" });
        }
    }
}
