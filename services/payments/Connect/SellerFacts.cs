using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Intake;
using Empire.Payments.Ledger;
using Empire.Payments.Stripe;
using Empire.Payments.Tiers;

namespace Empire.Payments.Connect;

/// <summary>Takes in what becomes of sellers' accounts and shares, and of what is paid out.</summary>
internal static class SellerFacts
{
    /// <returns>False when it is no seller of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, SellerStands fact, CancellationToken ct)
    {
        if (await work.QuerySingleOrDefaultAsync<(Guid Id, Guid Tenant)?>(
                "select id, tenant_id from sellers where provider_ref = @Id or (id = @Ours and provider_ref is null)", new { fact.Id, fact.Ours }, ct) is not var (seller, tenant)) return false;
        await work.ActForAsync(new(tenant), ct);
        var taken = await work.ExecuteAsync(
            """
            update sellers set provider_ref = @Id, charges_enabled = @ChargesEnabled, payouts_enabled = @PayoutsEnabled, details_submitted = @DetailsSubmitted, told_at = @At, told_by = @TellsIt
            where tenant_id = current_tenant() and id = @seller and (told_at is null or told_at < @At or (@Asked and told_at = @At))
            """, new { fact.Id, fact.ChargesEnabled, fact.PayoutsEnabled, fact.DetailsSubmitted, fact.At, fact.TellsIt, fact.Asked, seller }, ct);
        // Of two reports of one second nobody can say which is the later: as with subscriptions, Stripe is asked.
        if (taken == 0 && await work.QuerySingleAsync<bool>("select told_at = @At and told_by <> @TellsIt from sellers where tenant_id = current_tenant() and id = @seller", new { fact.At, fact.TellsIt, seller }, ct))
            await TaskTable.FetchLaterAsync(work, fact.Provider, StripeProvider.AskAgain("accounts", fact.Id, fact.At, fact.TellsIt), fact.Id, ct);
        return true;
    }

    /// <returns>False when it belongs to no payment of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, PassedOn fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, null, null, fact.Taken, ct) is not { } payment) return false;
        await Book.PostAsync(work, Bookings.Of(fact, payment.Terms), ct);
        return true;
    }

    /// <inheritdoc cref="TakeAsync(Work, PassedOn, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, ShareKept fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, null, null, fact.Taken, ct) is not { } payment) return false;
        await Book.PostAsync(work, Bookings.Of(fact, payment.Terms), ct);
        return true;
    }

    /// <inheritdoc cref="TakeAsync(Work, PassedOn, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, PassedBack fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, null, null, fact.Taken, ct) is not { } payment) return false;
        await Book.PostAsync(work, Bookings.Of(fact, payment.Terms), ct);
        return true;
    }

    /// <inheritdoc cref="TakeAsync(Work, PassedOn, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, ShareReturned fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, null, null, fact.Taken, ct) is not { } payment) return false;
        await Book.PostAsync(work, Bookings.Of(fact, payment.Terms), ct);
        return true;
    }

    /// <summary>The provider's account is the installation's, so a payout stands in the books of whoever runs it.</summary>
    /// <returns>False while nobody is known to run it.</returns>
    public static async Task<bool> TakeAsync(Work work, PaidOut fact, CancellationToken ct)
    {
        if (await KnownOperator.FindAsync(work, ct) is not { } owner) return false;
        await work.ActForAsync(owner, ct);
        foreach (var entry in Bookings.Of(fact)) await Book.PostAsync(work, entry, ct);
        return true;
    }
}
