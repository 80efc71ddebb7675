using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;

namespace Empire.Payments.Refunds;

internal static class RefundTable
{
    /// <summary>The state of a dispute for which the payer's bank has the money: until it is won there is nothing to give back. A warning moves none.</summary>
    /// <returns>Null where there is none.</returns>
    public static Task<string?> WithdrawnByAsync(Work work, Payment payment, CancellationToken ct) => work.QuerySingleOrDefaultAsync<string>(
        "select status from disputes where tenant_id = current_tenant() and payment_id = @Id and status in ('needs_response', 'under_review', 'lost') order by status = 'lost' desc limit 1", new { payment.Id }, ct);

    /// <summary>What is neither given back nor about to be, nor with the payer's bank.</summary>
    /// <param name="payment">Locked: two refunds at once see each other.</param>
    public static async Task<Money> RefundableAsync(Work work, Payment payment, CancellationToken ct) => await WithdrawnByAsync(work, payment, ct) is not null ? Money.Zero(payment.Currency)
        : payment.Amount - new Money(
            await work.QuerySingleAsync<long>("select coalesce(sum(amount_micros), 0)::bigint from refunds where tenant_id = current_tenant() and payment_id = @Id and status <> 'failed'", new { payment.Id }, ct), payment.Currency);

    public static Task AddAsync(Work work, Guid id, Payment payment, Money amount, string? reason, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into refunds (id, tenant_id, payment_id, amount_micros, currency, reason, provider, created_at, updated_at)
        values (@id, @Tenant, @payment, @Micros, @currency, @reason, @Provider, @Now, @Now)
        """, new { id, work.Tenant, payment = payment.Id, amount.Micros, currency = amount.Currency.Code, reason, payment.Provider, work.Now }, ct);

    /// <summary>Ours is known by the id that we gave along, or by the provider's; one made elsewhere gets a row of its own.</summary>
    /// <returns>Whether it got one now.</returns>
    public static async Task<bool> ReportAsync(Work work, Payment payment, RefundStands fact, CancellationToken ct)
    {
        var status = fact.Status.ToString().ToLowerInvariant();
        var known = await work.ExecuteAsync(
            """
            update refunds set provider_ref = @Id, updated_at = @Now, failure = coalesce(@Failure, failure),
              status = case when status = 'failed' or (status = 'succeeded' and @status = 'pending') then status else @status end
            where tenant_id = current_tenant() and payment_id = @payment and (provider_ref = @Id or (id = @Ours and provider_ref is null))
            """, new { fact.Id, fact.Ours, fact.Failure, status, payment = payment.Id, work.Now }, ct);
        if (known > 0) return false;
        return await work.ExecuteAsync(
            """
            insert into refunds (id, tenant_id, payment_id, amount_micros, currency, reason, status, failure, provider, provider_ref, created_at, updated_at)
            values (@id, @Tenant, @payment, @Micros, @currency, @Reason, @status, @Failure, @Provider, @reference, @At, @Now) on conflict do nothing
            """,
            new
            {
                id = Book.IdOf(work.Tenant, $"{fact.Provider}:refund:{fact.Id}"), work.Tenant, payment = payment.Id, fact.Amount.Micros, currency = fact.Amount.Currency.Code, fact.Reason, status, fact.Failure, fact.Provider,
                reference = fact.Id, fact.At, work.Now,
            }, ct) == 1;
    }

    /// <summary>Of coins: a taking was sent back that was held for the payment's until an earlier one was heard of. It paid for nothing, so it is no refund.</summary>
    /// <param name="reference">The one that stands; null: none does.</param>
    /// <returns>Whether there was another.</returns>
    public static async Task<bool> ForgetOthersAsync(Work work, Payment payment, string? reference, CancellationToken ct) => await work.ExecuteAsync(
        "delete from refunds where tenant_id = current_tenant() and payment_id = @Id and provider_ref is distinct from @reference", new { payment.Id, reference }, ct) > 0;
}
