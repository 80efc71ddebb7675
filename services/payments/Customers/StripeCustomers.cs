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

    /// <summary>Of whose id nobody knows in which mode it was made: it was written before that was kept, or by a process that does not.</summary>
    public const string Unproved = "stripe_id is not null and stripe_id is distinct from mode_known_of";

    /// <summary>Brings a customer over to today's mode: sets aside what they are at Stripe in the other one, and takes up what they were in this one; who was never there in it is made there, without a card. Whom Stripe knows by today's
    /// key is left as they are.</summary>
    /// <param name="test">The mode of today's key.</param>
    /// <param name="asked">The id of which Stripe was asked, where its mode was not known; null: it was.</param>
    /// <param name="answer">What Stripe said.</param>
    /// <returns>An id that was taken up, of which Stripe is to be asked; null: there is nothing more to do.</returns>
    public static async Task<string?> BringOverAsync(Work work, Guid customer, bool test, string? asked, Known answer, CancellationToken ct)
    {
        await TierKeeper.LockAsync(work, customer, ct);
        if (await CustomerTable.FindAsync(work, customer, ct) is not { } row || (row.StripeId == row.ModeKnownOf ? null : row.StripeId) != asked) return null; // changed since it was asked: in the next turn
        if (asked is not null && answer == Known.Here)
        {
            await work.ExecuteAsync("update customers set test = @test, mode_known_of = stripe_id, updated_at = @Now where tenant_id = current_tenant() and id = @customer", new { customer, test, work.Now }, ct);
            return null;
        }
        if (row.Test == test && answer != Known.InOtherMode) return null; // of another account of Stripe's, perhaps: that is no mode
        await work.ExecuteAsync(
            """
            insert into stripe_customers_aside (stripe_id, tenant_id, customer_id, test, payment_method, card_brand, card_last4, forgotten_until)
            select stripe_id, tenant_id, id, not @test, payment_method, card_brand, card_last4, forgotten_until from customers where tenant_id = current_tenant() and id = @customer and stripe_id is not null
            on conflict (stripe_id) do nothing;
            with again as (
              delete from stripe_customers_aside where tenant_id = current_tenant() and stripe_id =
                (select stripe_id from stripe_customers_aside where tenant_id = current_tenant() and customer_id = @customer and test = @test order by payment_method is null, stripe_id limit 1) returning *)
            update customers c set test = @test, stripe_id = a.stripe_id, mode_known_of = null, payment_method = a.payment_method, card_brand = a.card_brand, card_last4 = a.card_last4, stripe_problem = null, updated_at = @Now,
              forgotten_until = case when a.stripe_id is not null then a.forgotten_until when c.forgotten_until = 'infinity' then @Now else c.forgotten_until end
            from (select 1) one left join again a on true where c.tenant_id = current_tenant() and c.id = @customer
            """, new { customer, test, work.Now }, ct);
        var now = (await CustomerTable.FindAsync(work, customer, ct))!;
        if (!now.Erased && (now.HasForgottenCards || (now.StripeId is null && row.StripeId is not null))) await MirrorCustomer.AgainAsync(work, now, null, ct, afresh: now.StripeId is null);
        return now.StripeId;
    }
}

/// <summary>What Stripe says of a customer who is asked for by today's key.</summary>
internal enum Known
{
    /// <summary>Nothing yet, or it could not be asked.</summary>
    Unanswered,

    Here,

    /// <summary>Not here, and there is one in the other mode.</summary>
    InOtherMode,

    Nowhere,
}
