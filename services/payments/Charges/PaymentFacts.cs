using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Customers;
using Empire.Payments.Disputes;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Receipts;
using Empire.Payments.Referrals;
using Empire.Payments.Tiers;

namespace Empire.Payments.Charges;

/// <summary>Takes in what a provider says of a payment and its money.</summary>
internal static class PaymentFacts
{
    /// <returns>False when it is no payment of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, PaymentStands fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, fact.Ours, null, ct) is not { } payment) return false;
        payment.KnownAs(fact.Reference);
        if (!payment.IsOver(fact)) payment.Report(fact.Status, fact.Code, fact.Detail, fact.ActionUrl);
        await PaymentTable.SaveAsync(work, payment, ct, fact.At);
        if (fact.Provider == NowPayments.NowPaymentsFacts.Provider) await PaymentTable.AlsoKnownAsync(work, payment, fact.Reference, ct);
        return true;
    }

    /// <inheritdoc cref="TakeAsync(Work, PaymentStands, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, MoneyArrived fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, fact.Ours, fact.Taken, ct) is not { } payment)
        {
            if (fact.Invoice is null || fact.Customer is null || await StripeCustomers.FindAsync(work, fact.Customer, ct) is not { } payer) return false;
            await work.ActForAsync(payer.Tenant, ct);
            var made = PaymentTable.OfSubscription(payer.Tenant, payer.Id, fact, fact.At);
            await PaymentTable.AddAsync(work, made, ct);
            payment = (await PaymentTable.LockAsync(work, made.Id, ct))!;
        }
        var before = payment.CapturedAt;
        payment.KnownAs(fact.Reference);
        payment.Receive(fact);
        await PaymentTable.SaveAsync(work, payment, ct, fact.At);
        if (fact.Card is { } card && payment.CustomerId is { } customer)
            await work.ExecuteAsync(
                $"""
                update customers set card_brand = @Brand, card_last4 = @LastFour
                where tenant_id = current_tenant() and id = @customer and email not like '{CustomerTable.ErasedLike}' and (forgotten_until is null or forgotten_until < @CreatedAt)
                """, new { card.Brand, card.LastFour, customer, payment.CreatedAt }, ct);
        var entry = Bookings.Of(fact, payment.Terms);
        if (!await Book.PostAsync(work, entry, ct)) return true;
        if (fact.Provider == NowPayments.NowPaymentsFacts.Provider || before is not null) await CoinFacts.TogetherAsync(work, payment, ct);
        if (fact.Partial || !Bookings.Covers(fact.Amount, payment.Amount)) return true;
        if (before is null) await PaidAsync(work, payment, fact.At, ct);
        else await PaidAgainAsync(work, payment, before, ct);
        return true;
    }

    /// <summary>It was paid before, by another page or to another address: all of these but the earliest are the payer's credit.</summary>
    private static async Task PaidAgainAsync(Work work, Payment payment, DateTimeOffset? before, CancellationToken ct)
    {
        await Alerts.RaiseAsync(work, "medium", $"paid-twice:{payment.Id:N}", $"{payment.Description} was paid more than once; what was too much is the payer's credit.", ct);
        if (payment.CapturedAt != before && payment is { Purpose: "upgrade", CustomerId: { } buyer, Tier: not null }) await GiveTierAsync(work, buyer, ct);
    }

    /// <summary>All that was asked for is there: it is told, and what was bought is given.</summary>
    /// <param name="at">When it was there.</param>
    internal static async Task PaidAsync(Work work, Payment payment, DateTimeOffset at, CancellationToken ct)
    {
        await Credit.SpendAsync(work, payment, ct);
        var email = payment.CustomerId is { } buys ? await work.QuerySingleOrDefaultAsync<string>("select email from customers where tenant_id = current_tenant() and id = @buys", new { buys }, ct) : null;
        var receipt = await work.QuerySingleAsync<Guid>("select receipt_key from payments where tenant_id = current_tenant() and id = @Id", new { payment.Id }, ct);
        work.Publish(new PaymentSucceeded
        {
            Email = email, Description = payment.Description, ReceiptPath = Receipt.PathOf(receipt),
            TenantId = work.Tenant.Value, PaymentId = payment.Id, CustomerId = payment.CustomerId, Provider = payment.Provider, Purpose = payment.Purpose, Micros = payment.AmountMicros, Currency = payment.Currency.Code,
            PieceId = payment.PieceId, PublicationId = payment.PublicationId, ProductId = payment.ProductId, Test = payment.Test, OccurredAt = at,
        });
        if (payment is { Purpose: "upgrade", CustomerId: { } buyer, Tier: { } tier })
        {
            if (await EntitlementTable.RenewsItselfAsync(work, buyer, tier, ct) is { } renews) // it began while the page was open
                await Alerts.RaiseAsync(work, "low", $"month-waits:{payment.Id:N}", $"{payment.Description} was paid beside a {renews} subscription that renews itself: it is given when that ends.", ct);
            await GiveTierAsync(work, buyer, ct);
        }
        if (payment is { Purpose: "subscription", CustomerId: { } pays })
        {
            await EntitlementTable.JudgeSubscriptionAsync(work, pays, payment, ct);
            await TierKeeper.RefreshAsync(work, pays, ct);
        }
    }

    internal static async Task GiveTierAsync(Work work, Guid buyer, CancellationToken ct)
    {
        await EntitlementTable.JudgePaymentsAsync(work, buyer, ct);
        await TierKeeper.RefreshAsync(work, buyer, ct);
    }

    /// <inheritdoc cref="TakeAsync(Work, PaymentStands, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, FeeTaken fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, fact.Ours, fact.Taken, ct) is not { } payment) return false;
        foreach (var entry in Bookings.Of(fact, payment.Terms)) await Book.PostAsync(work, entry, ct);
        return true;
    }
}
