using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Tiers;

namespace Empire.Payments.Refunds;

/// <summary>Takes in what a provider says of a refund, whoever asked for it: we, or a person at the provider's own pages.</summary>
internal static class RefundFacts
{
    /// <returns>False when it is of no payment of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, RefundStands fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, null, fact.Taken, ct) is not { } payment) return false;
        var booked = false;
        foreach (var entry in Bookings.Of(fact, payment.Terms)) booked |= await Book.PostAsync(work, entry, ct);
        await RowAsync(work, payment, fact, ct, booked);
        return true;
    }

    /// <summary>Keeps the refund's row, tells of it, and takes back what was bought with it; the books are the caller's.</summary>
    /// <param name="payment">Locked.</param>
    /// <param name="booked">Null: it is told of when the row is new.</param>
    public static async Task RowAsync(Work work, Payment payment, RefundStands fact, CancellationToken ct, bool? booked = null)
    {
        var isNew = await RefundTable.ReportAsync(work, payment, fact, ct);
        if ((booked ?? isNew) && fact.Status == RefundStatus.Succeeded)
        {
            var email = payment.CustomerId is { } payer ? await work.QuerySingleOrDefaultAsync<string>("select email from customers where tenant_id = current_tenant() and id = @payer", new { payer }, ct) : null;
            work.Publish(new PaymentRefunded
            {
                TenantId = work.Tenant.Value, PaymentId = payment.Id, RefundId = Book.IdOf(work.Tenant, $"{fact.Provider}:refund:{fact.Id}"), CustomerId = payment.CustomerId, Micros = fact.Amount.Micros,
                Currency = fact.Amount.Currency.Code, PieceId = payment.PieceId, PublicationId = payment.PublicationId, ProductId = payment.ProductId, Test = payment.Test, OccurredAt = fact.At,
                Email = email,
            });
        }
        if (payment is { CustomerId: { } customer, Purpose: "upgrade" or "subscription" })
        {
            if (payment.Purpose == "upgrade") await EntitlementTable.JudgePaymentsAsync(work, customer, ct);
            else await EntitlementTable.JudgeSubscriptionAsync(work, customer, payment, ct);
            await TierKeeper.RefreshAsync(work, customer, ct);
        }
    }
}
