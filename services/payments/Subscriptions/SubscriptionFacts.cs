using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Customers;
using Empire.Payments.Coupons;
using Empire.Payments.Disputes;
using Empire.Payments.Facts;
using Empire.Payments.Intake;
using Empire.Payments.Ledger;
using Empire.Payments.Receipts;
using Empire.Payments.Referrals;
using Empire.Payments.Stripe;
using Empire.Payments.Tiers;

namespace Empire.Payments.Subscriptions;

/// <summary>Takes in where a subscription stands. Of two reports the later one holds, by the provider's clock, whichever came first. That clock tells seconds: of two reports of one
/// second nobody can say which is the later, so the provider is asked, and what it answers holds over all that was told up to then.</summary>
internal static class SubscriptionFacts
{
    /// <returns>False when it is no customer of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, SubscriptionStands fact, CancellationToken ct)
    {
        if (await StripeCustomers.FindAsync(work, fact.Customer, ct) is not var (customer, tenant)) return false;
        await work.ActForAsync(tenant, ct);
        var known = await work.QuerySingleOrDefaultAsync<SubscriptionView.Row>(
            SubscriptionView.Select + " where tenant_id = current_tenant() and (provider_ref = @Id or (id = @Ours and provider_ref is null)) for update", new { fact.Id, fact.Ours }, ct);
        var id = known?.Id ?? fact.Ours ?? Book.IdOf(work.Tenant, $"{fact.Provider}:subscription:{fact.Id}");
        var taken = await work.ExecuteAsync(
            """
            insert into subscriptions as s (id, tenant_id, customer_id, provider_ref, price, tier, status, amount_micros, currency, period, current_period_start, current_period_end,
              cancel_at_period_end, canceled_at, ended_at, pending_price, told_at, told_by, test, created_at, updated_at)
            values (@id, @Tenant, @customer, @reference, @Price, @Tier, @Status, @amount, @currency, @Period, @PeriodStart, @PeriodEnd, @CancelAtPeriodEnd, @CanceledAt, @EndedAt, @PendingPrice, @At, @TellsIt, @Test, @CreatedAt, @Now)
            on conflict (id) do update set provider_ref = excluded.provider_ref, price = excluded.price, tier = excluded.tier, status = excluded.status, amount_micros = excluded.amount_micros,
              currency = excluded.currency, period = excluded.period, current_period_start = excluded.current_period_start, current_period_end = excluded.current_period_end,
              cancel_at_period_end = excluded.cancel_at_period_end, canceled_at = excluded.canceled_at, ended_at = excluded.ended_at, pending_price = excluded.pending_price, told_at = excluded.told_at, told_by = excluded.told_by,
              failure_detail = null, updated_at = excluded.updated_at
            where s.told_at is null or s.told_at < excluded.told_at or (@Asked and s.told_at = excluded.told_at)
            """,
            new
            {
                id, work.Tenant, customer, reference = fact.Id, fact.Price, fact.Tier, fact.Status, amount = fact.Amount?.Micros, currency = fact.Amount?.Currency.Code, fact.Period, fact.PeriodStart, fact.PeriodEnd,
                fact.CancelAtPeriodEnd, fact.CanceledAt, fact.EndedAt, fact.PendingPrice, fact.At, fact.TellsIt, fact.Asked, fact.Test, fact.CreatedAt, work.Now,
            }, ct);
        await EntitlementTable.HeardAsync(work, id, fact, ct);
        if (taken == 0)
        {
            if (await work.QuerySingleAsync<bool>("select told_at = @At and told_by <> @TellsIt from subscriptions where tenant_id = current_tenant() and id = @id", new { fact.At, fact.TellsIt, id }, ct))
                await TaskTable.FetchLaterAsync(work, fact.Provider, StripeProvider.AskAgain("subscriptions", fact.Id, fact.At, fact.TellsIt), fact.Id, ct);
            await PaymentFacts.GiveTierAsync(work, customer, ct);
            return true;
        }
        if (fact.Status == "incomplete_expired") await Redemptions.SetAsync(work, id, "released", ct); // nothing was paid
        if (fact.Tier is null or "free") await EntitlementTable.EndAsync(work, "subscription", id, fact.At, ct); // it pays for something else now
        else if (fact.Status is not ("incomplete" or "incomplete_expired"))
        {
            // While the provider tries again for what is past due, the tier stays.
            var until = fact.Status is "active" or "trialing" or "past_due" ? fact.EndedAt ?? (fact is { Status: not "past_due", CancelAtPeriodEnd: true } ? fact.PeriodEnd : null) : fact.EndedAt ?? fact.CanceledAt ?? fact.At;
            await EntitlementTable.GrantAsync(work, customer, fact.Tier, "subscription", id, fact.CreatedAt, until, fact.Test, ct, pastDue: fact.Status == "past_due");
            await EntitlementTable.JudgeSubscriptionAsync(work, customer, id, ct);
        }
        await TellAsync(work, fact, id, customer, known, ct);
        var payer = await work.QuerySingleAsync<Guid?>("select account_id from customers where tenant_id = current_tenant() and id = @customer", new { customer }, ct);
        if (await ClosedAccount.FindAsync(work, tenant.Value, payer, ct) is { } closed) await closed.EndAsync(work, id, fact.TellsIt, ct); // begun on a page that was open when the account was closed
        await PaymentFacts.GiveTierAsync(work, customer, ct);
        if (fact.Status is "canceled" or "incomplete_expired") await MoveCredit.ReturnAsync(work, customer, fact.Test, ct);
        return true;
    }

    /// <summary>Tells whoever listens what became of it, and its account where somebody should look.</summary>
    /// <param name="before">As it stood; its status is pending where it was only decided.</param>
    private static async Task TellAsync(Work work, SubscriptionStands fact, Guid id, Guid customer, SubscriptionView.Row? before, CancellationToken ct)
    {
        var stood = before is { Status: not "pending" } ? before : null;
        if (stood is not null && (stood.Status, stood.Tier, stood.Price, stood.AmountMicros, stood.CurrentPeriodEnd, stood.CancelAtPeriodEnd, stood.EndedAt)
            == (fact.Status, fact.Tier, fact.Price, fact.Amount?.Micros, fact.PeriodEnd, fact.CancelAtPeriodEnd, fact.EndedAt)) return;
        var payer = await work.QuerySingleAsync<(string Email, Guid? Account)>("select email, account_id from customers where tenant_id = current_tenant() and id = @customer", new { customer }, ct);
        var seller = await BillingSettings.OfAsync(work, ct);
        // An account's own tier is told by the keeper of tiers, with a link of its own.
        var link = fact.Status == "past_due" && stood?.Status != "past_due" && payer.Account is null && seller.RemindCustomers ? await BillingPortal.LinkAsync(work, customer, ct) : null;
        work.Publish(new CustomerSubscriptionChanged
        {
            TenantId = work.Tenant.Value, SubscriptionId = id, CustomerId = customer, IsAccount = payer.Account is not null, Email = payer.Email, Status = fact.Status, Before = stood?.Status, Tier = fact.Tier, PriceId = fact.Price,
            Micros = fact.Amount?.Micros, Currency = fact.Amount?.Currency.Code, CurrentPeriodEnd = fact.PeriodEnd, CancelAtPeriodEnd = fact.CancelAtPeriodEnd, EndedAt = fact.EndedAt, SellerName = seller.Name, SellerEmail = seller.Email,
            MayRemind = seller.RemindCustomers, BillingPath = link, Test = fact.Test, OccurredAt = fact.At,
        });
        if (fact.Status is "past_due" or "unpaid" && stood?.Status != fact.Status)
            await Alerts.RaiseAsync(work, fact.Status == "unpaid" ? "high" : "medium", $"subscription:{PublicId.Format(SubscriptionView.Prefix, id)}:{fact.Status}:{fact.At:yyyy-MM-ddTHH:mm:ssZ}",
                fact.Status == "unpaid" ? $"A subscription of {fact.Amount} stays unpaid: nothing more is tried." : $"The renewal of a subscription of {fact.Amount} could not be collected; it is tried again.", ct);
    }
}
