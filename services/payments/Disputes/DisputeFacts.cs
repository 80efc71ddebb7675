using Empire.Contracts;
using Empire.Data;
using Empire.Effects;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Stripe;
using Empire.Payments.Tiers;

namespace Empire.Payments.Disputes;

/// <summary>Takes in what a provider says of a dispute: the row, the hold in the books, the alert, and in the end the loss or the release.</summary>
internal static class DisputeFacts
{
    /// <returns>False when it is of no payment of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, DisputeStands fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, null, fact.Taken, ct) is not { } payment) return false;
        var id = Book.IdOf(work.Tenant, $"{fact.Provider}:dispute:{fact.Id}");
        // Decided is decided: a report of an earlier state that comes later changes nothing.
        await work.ExecuteAsync(
            """
            insert into disputes as d (id, tenant_id, payment_id, provider, provider_ref, amount_micros, currency, reason, status, due_by, opened_at, closed_at)
            values (@id, @Tenant, @payment, @Provider, @reference, @Micros, @currency, @Reason, @Status, @DueBy, @OpenedAt, @ClosedAt)
            on conflict (provider, provider_ref) do update set status = excluded.status, due_by = coalesce(excluded.due_by, d.due_by), closed_at = least(d.closed_at, excluded.closed_at)
            where array_position(@ranks, excluded.status) >= array_position(@ranks, d.status)
            """,
            new
            {
                id, work.Tenant, payment = payment.Id, fact.Provider, reference = fact.Id, fact.Amount.Micros, currency = fact.Amount.Currency.Code, fact.Reason, fact.Status, fact.DueBy, fact.OpenedAt, fact.ClosedAt, ranks = Ranks,
            }, ct);
        List<string> booked = [];
        foreach (var entry in Bookings.Of(fact, payment.Terms))
            if (await Book.PostAsync(work, entry, ct)) booked.Add(entry.Cause);
        await Alerts.RaiseAsync(work, "high", $"dispute:{fact.Id}", $"A payer disputes {fact.Amount} ({fact.Reason}). Evidence is due by {fact.DueBy:yyyy-MM-dd HH:mm} UTC.", ct);
        if (fact.Status is "won" or "lost")
            await Alerts.RaiseAsync(work, fact.Status == "lost" ? "high" : "low", $"dispute:{fact.Id}:{fact.Status}", fact.Status == "lost" ? $"The dispute of {fact.Amount} is lost." : $"The dispute of {fact.Amount} is won; the money is released.", ct);
        if (booked.Exists(cause => cause.EndsWith(":lost", StringComparison.Ordinal)))
        {
            if (payment.Terms.ForSeller && StripeMoney.TryTo(fact.Amount, out var units))
                await work.PlanAsync(new EffectPlan<TakeBackShare>(TakeBackShare.KeyOf(id), new(id, fact.Taken, units, $"{fact.Amount}")), ct);
            work.Publish(new DisputeLost
            {
                TenantId = work.Tenant.Value, DisputeId = id, PaymentId = payment.Id, CustomerId = payment.CustomerId, Micros = fact.Amount.Micros, Currency = fact.Amount.Currency.Code, Test = payment.Test, OccurredAt = fact.At,
            });
        }
        else if (booked.Exists(cause => cause.EndsWith(":lost:seller", StringComparison.Ordinal))) // lost and paid by the platform long ago: to take money of an old sale from somebody now is a person's to decide
            await Alerts.RaiseAsync(work, "high", $"dispute:{PublicId.Format("dp", id)}:seller", $"The dispute of {fact.Amount} was lost, and the seller's part was never taken back.", ct);
        if (booked.Exists(cause => cause.EndsWith(":opened", StringComparison.Ordinal)))
            work.Publish(new DisputeOpened { TenantId = work.Tenant.Value, DisputeId = id, PaymentId = payment.Id, Micros = fact.Amount.Micros, Currency = fact.Amount.Currency.Code, Reason = fact.Reason, DueBy = fact.DueBy, Test = payment.Test, OccurredAt = fact.OpenedAt });
        if (payment is { CustomerId: { } customer, Purpose: "upgrade" or "subscription" })
        {
            if (payment.Purpose == "upgrade") await EntitlementTable.JudgePaymentsAsync(work, customer, ct);
            else await EntitlementTable.JudgeSubscriptionAsync(work, customer, payment, ct);
            await TierKeeper.RefreshAsync(work, customer, ct);
        }
        return true;
    }

    private static readonly string[] Ranks = ["warning_needs_response", "warning_under_review", "warning_closed", "needs_response", "under_review", "won", "lost"];
}
