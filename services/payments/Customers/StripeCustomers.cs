using Empire.Data;
using Empire.Payments.Tiers;

namespace Empire.Payments.Customers;

/// <summary>Customers by what Stripe calls them, in either of its modes: a test key and a live one know different customers.</summary>
internal static class StripeCustomers
{
    /// <param name="work">Over all tenants.</param>
    /// <returns>Null where they are none of ours, or not yet.</returns>
    public static async Task<(Guid Id, TenantId Tenant)?> FindAsync(Work work, string reference, CancellationToken ct) => await work.QuerySingleOrDefaultAsync<(Guid, Guid)?>(
        """
        select id, tenant_id from customers where stripe_id = @reference
        union all select customer_id, tenant_id from stripe_customers_aside where stripe_id = @reference limit 1
        """, new { reference }, ct) is var (id, tenant) ? (id, new(tenant)) : null;

    /// <summary>Sets aside what a customer is at Stripe in the other mode, and takes up what they were in this one; who was never there in it is made there, without a card.</summary>
    /// <param name="test">The mode of today's key.</param>
    public static async Task ChangeModeAsync(Work work, Guid customer, bool test, CancellationToken ct)
    {
        await TierKeeper.LockAsync(work, customer, ct);
        if (await CustomerTable.FindAsync(work, customer, ct) is not { } row || row.Test == test) return;
        await work.ExecuteAsync(
            """
            insert into stripe_customers_aside (stripe_id, tenant_id, customer_id, test, payment_method, card_brand, card_last4)
            select stripe_id, tenant_id, id, test, payment_method, card_brand, card_last4 from customers where tenant_id = current_tenant() and id = @customer and stripe_id is not null
            on conflict (stripe_id) do nothing;
            with again as (delete from stripe_customers_aside where tenant_id = current_tenant() and customer_id = @customer and test = @test returning *)
            update customers c set test = @test, stripe_id = a.stripe_id, payment_method = a.payment_method, card_brand = a.card_brand, card_last4 = a.card_last4, stripe_problem = null, updated_at = @Now
            from (select 1) one left join again a on true where c.tenant_id = current_tenant() and c.id = @customer
            """, new { customer, test, work.Now }, ct);
        if (row is { StripeId: not null, Erased: false } && (await CustomerTable.FindAsync(work, customer, ct))!.StripeId is null) await MirrorCustomer.AgainAsync(work, row, null, ct, afresh: true);
    }
}
