using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Connect;
using Empire.Payments.Disputes;
using Empire.Payments.Facts;
using Empire.Payments.Refunds;
using Empire.Payments.Subscriptions;

namespace Empire.Payments.Intake;

/// <summary>Takes facts into the rows and the books. Every part of it may be repeated and come in any order.</summary>
public static class Settlement
{
    /// <param name="work">Of the system; it is narrowed to the tenant whose money it is.</param>
    /// <returns>False when it speaks of nothing of ours, or not yet.</returns>
    public static Task<bool> TakeAsync(Work work, Fact fact, CancellationToken ct) => fact switch
    {
        PaymentStands stands => PaymentFacts.TakeAsync(work, stands, ct),
        MoneyArrived arrived => PaymentFacts.TakeAsync(work, arrived, ct),
        FeeTaken fee => PaymentFacts.TakeAsync(work, fee, ct),
        SentBack back => CoinFacts.TakeAsync(work, back, ct),
        CoinsSettled settled => CoinFacts.TakeAsync(work, settled, ct),
        RefundStands refund => RefundFacts.TakeAsync(work, refund, ct),
        DisputeStands dispute => DisputeFacts.TakeAsync(work, dispute, ct),
        SubscriptionStands subscription => SubscriptionFacts.TakeAsync(work, subscription, ct),
        InvoiceStands invoice => InvoiceFacts.TakeAsync(work, invoice, ct),
        SellerStands seller => SellerFacts.TakeAsync(work, seller, ct),
        PassedOn passed => SellerFacts.TakeAsync(work, passed, ct),
        PassedBack back => SellerFacts.TakeAsync(work, back, ct),
        ShareReturned returned => SellerFacts.TakeAsync(work, returned, ct),
        ShareKept share => SellerFacts.TakeAsync(work, share, ct),
        PaidOut paid => SellerFacts.TakeAsync(work, paid, ct),
        _ => throw new InvalidOperationException($"Nothing takes {fact.GetType().Name}."),
    };
}
