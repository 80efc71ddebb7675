using Empire.Data;

namespace Empire.Payments.Tiers;

/// <summary>What customers have paid for. A customer's tier follows from these rows and the time alone, so it is right in whatever order they were written.</summary>
internal static class EntitlementTable
{
    /// <param name="source">subscription or credit; what payments give, <see cref="JudgePaymentsAsync"/> counts.</param>
    public static Task GrantAsync(Work work, Guid customer, string tier, string source, Guid sourceId, DateTimeOffset from, DateTimeOffset? until, bool test, CancellationToken ct, bool pastDue = false) =>
        tier == "free" ? Task.CompletedTask : work.ExecuteAsync(
            """
            insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, ends_at, past_due, test)
            values (@id, @Tenant, @customer, @tier, @source, @sourceId, @from, @until, @pastDue, @test)
            on conflict (source, source_id) do update set tier = excluded.tier, starts_at = excluded.starts_at, ends_at = excluded.ends_at, past_due = excluded.past_due
            """, new { id = Guid.CreateVersion7(work.Now), work.Tenant, customer, tier, source, sourceId, from, until, pastDue, test }, ct);

    /// <summary>What it gave, it gives no longer.</summary>
    public static Task EndAsync(Work work, string source, Guid sourceId, DateTimeOffset at, CancellationToken ct) => work.ExecuteAsync(
        "update entitlements set ends_at = @at where tenant_id = current_tenant() and source = @source and source_id = @sourceId and (ends_at is null or ends_at > @at)", new { source, sourceId, at }, ct);

    /// <summary>Since when the payment <c>p</c> buys nothing: it was given back whole, or lost in a dispute. Null: it buys. Counted anew from the rows each time, so that the order of reports does not matter, and one whose
    /// refund came back buys again.</summary>
    private const string LostSince = """
        least(
          (select max(r.created_at) from refunds r where r.tenant_id = current_tenant() and r.payment_id = p.id and r.status = 'succeeded' having sum(r.amount_micros) >= p.amount_micros),
          (select min(coalesce(d.closed_at, d.opened_at)) from disputes d where d.tenant_id = current_tenant() and d.payment_id = p.id and d.status = 'lost'))
        """;

    /// <summary>A subscription whose last payment was given back whole or lost in a dispute gives nothing, until one is paid again: by a payment, wholly from credit, or another way. Payment, invoice, refund, dispute and subscription
    /// are told in any order, so it is counted anew at each; the invoice says which payment is the subscription's.</summary>
    private const string JudgeSubscriptions = $"""
        update entitlements e set revoked_at = (
          select paid.lost_since from (
            select p.captured_at as at, p.provider_ref, {LostSince} as lost_since from invoices i join payments p on p.provider = 'stripe' and p.provider_ref = i.payment_ref and p.tenant_id = current_tenant()
            where i.tenant_id = current_tenant() and i.subscription_id = e.source_id and p.status = 'succeeded'
            union all
            select i.paid_at, i.provider_ref, null from invoices i
            where i.tenant_id = current_tenant() and i.subscription_id = e.source_id and i.status = 'paid' and i.paid_at is not null and (i.paid_out_of_band or (i.credit_used_micros > 0 and i.amount_due_micros = 0))
          ) paid order by paid.at desc, paid.provider_ref desc limit 1)
        where e.tenant_id = current_tenant() and e.source = 'subscription' and e.source_id
        """;

    /// <inheritdoc cref="JudgeSubscriptions"/>
    /// <remarks>The customer is locked first: of two who each write a part of it at once, the second sees the first one's.</remarks>
    public static async Task JudgeSubscriptionAsync(Work work, Guid customer, Guid subscription, CancellationToken ct)
    {
        await TierKeeper.LockAsync(work, customer, ct);
        await work.ExecuteAsync($"{JudgeSubscriptions} = @subscription", new { subscription }, ct);
        await JudgePaymentsAsync(work, customer, ct);
    }

    /// <inheritdoc cref="JudgeSubscriptionAsync(Work, Guid, Guid, CancellationToken)"/>
    public static async Task JudgeSubscriptionAsync(Work work, Guid customer, Charges.Payment payment, CancellationToken ct)
    {
        await TierKeeper.LockAsync(work, customer, ct);
        await work.ExecuteAsync($"{JudgeSubscriptions} in (select subscription_id from invoices where tenant_id = current_tenant() and payment_ref = @ProviderRef)", new { payment.ProviderRef }, ct);
        await JudgePaymentsAsync(work, customer, ct);
    }

    /// <summary>Keeps what a subscription gave as of a report, also of one that is older than what is known.</summary>
    public static Task HeardAsync(Work work, Guid subscription, Facts.SubscriptionStands fact, CancellationToken ct) => work.ExecuteAsync(
        "insert into subscription_tiers (tenant_id, subscription_id, told_at, told_by, tier) values (@Tenant, @subscription, @At, @TellsIt, @tier) on conflict do nothing",
        new { work.Tenant, subscription, fact.At, fact.TellsIt, tier = fact is { Status: "active" or "trialing" or "past_due", Tier: not "free" } ? fact.Tier : null }, ct);

    /// <returns>The tier, this or a higher one, of a subscription that renews itself; null where there is none, or its renewal fails or is cancelled.</returns>
    public static Task<string?> RenewsItselfAsync(Work work, Guid customer, string tier, CancellationToken ct) => work.QuerySingleOrDefaultAsync<string>(
        $"""
        select tier from entitlements e where tenant_id = current_tenant() and customer_id = @customer and source = 'subscription' and ends_at is null and revoked_at is null and not past_due and tier in (@tier, 'enterprise')
          and {ProviderModes.Counts("e")} order by tier limit 1
        """, new { customer, tier }, ct);

    /// <summary>From each report until the next; since the last one as its entitlement stands.</summary>
    private static async Task<IReadOnlyCollection<SubscribedTime>> SubscribedAsync(Work work, Guid customer, CancellationToken ct) =>
        [.. (await work.QueryAsync<(string Tier, DateTimeOffset From, DateTimeOffset? Until)>(
            $"""
            with told as (
              select t.subscription_id, t.tier, t.told_at, lead(t.told_at) over (partition by t.subscription_id order by t.told_at, t.told_by) as next
              from subscriptions s join subscription_tiers t on t.tenant_id = current_tenant() and t.subscription_id = s.id where s.tenant_id = current_tenant() and s.customer_id = @customer and {ProviderModes.Counts("s")}
            )
            select tier, told_at, next from told where next is not null and tier is not null
            union all
            select e.tier, greatest(e.starts_at, (select max(told_at) from told where told.subscription_id = e.source_id having bool_or(told.tier is not null and told.next is not null))),
              least(e.ends_at, e.revoked_at)
            from entitlements e where e.tenant_id = current_tenant() and e.customer_id = @customer and e.source = 'subscription' and {ProviderModes.Counts("e")}
            """, new { customer }, ct)).Select(row => new SubscribedTime(row.Tier, row.From, row.Until))];

    /// <summary>Counts anew what a customer's payments for tiers give, one month after the other; a payment that was given back whole, or lost in a dispute, gives nothing from then on, and what waits behind it moves up. What is paid beside a
    /// subscription of the same or a higher tier is given when that ends.</summary>
    /// <inheritdoc cref="JudgeSubscriptionAsync(Work, Guid, Guid, CancellationToken)"/>
    public static async Task JudgePaymentsAsync(Work work, Guid customer, CancellationToken ct)
    {
        await TierKeeper.LockAsync(work, customer, ct);
        var months = await work.QueryAsync<(Guid Payment, string Tier, DateTimeOffset CapturedAt, DateTimeOffset? LostSince)>(
            $"select p.id, p.tier, p.captured_at, {LostSince} from payments p where p.tenant_id = current_tenant() and p.customer_id = @customer and p.purpose = 'upgrade' and p.captured_at is not null and {ProviderModes.Counts("p")}", new { customer }, ct);
        if (months.Count == 0) return;
        var given = PaidTime.Of([.. months.Select(month => new PaidMonth(month.Payment, month.Tier, month.CapturedAt, month.LostSince))], await SubscribedAsync(work, customer, ct));
        await work.ExecuteAsync(
            """
            insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, ends_at, revoked_at, test)
            select given.id, @Tenant, @customer, given.tier, 'payment', p.id, starts_at, ends_at, revoked_at, p.test from unnest(@ids, @tiers, @payments, @starts, @ends, @revoked) as given (id, tier, payment, starts_at, ends_at, revoked_at)
            join payments p on p.tenant_id = current_tenant() and p.id = given.payment
            on conflict (source, source_id) do update set tier = excluded.tier, starts_at = excluded.starts_at, ends_at = excluded.ends_at, revoked_at = excluded.revoked_at
            where (entitlements.tier, entitlements.starts_at, entitlements.ends_at, entitlements.revoked_at) is distinct from (excluded.tier, excluded.starts_at, excluded.ends_at, excluded.revoked_at)
            """,
            new
            {
                work.Tenant, customer, ids = given.Select(_ => Guid.CreateVersion7(work.Now)).ToArray(), tiers = given.Select(one => one.Month.Tier).ToArray(), payments = given.Select(one => one.Month.Payment).ToArray(),
                starts = given.Select(one => one.From.UtcDateTime).ToArray(), ends = given.Select(one => one.Until.UtcDateTime).ToArray(), revoked = given.Select(one => one.Month.LostSince).ToArray(),
            }, ct);
    }
}
