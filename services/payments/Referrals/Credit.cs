using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Disputes;
using Empire.Payments.Heard;
using Empire.Payments.Ledger;
using Empire.Payments.NowPayments;
using Empire.Payments.Tiers;
using Empire.Payments.Upgrades;

namespace Empire.Payments.Referrals;

/// <summary>What customers have with us: rewards, and money that came too much or too little. It stands in the books, and is counted from them.</summary>
internal static class Credit
{
    /// <summary>So long a part of the coins may wait for the rest; afterwards nobody asks for it any more.</summary>
    private static readonly TimeSpan LongestForCoins = TimeSpan.FromDays(30);

    /// <summary>What is neither spent nor held by a payment that is still open. Coins that failed, unlike a page on which a card was declined, are not tried again.</summary>
    /// <param name="work">The customer is locked until it ends: of two payments at once the second sees what the first takes.</param>
    public static async Task<Money> LeftAsync(Work work, Guid customer, Currency currency, bool test, CancellationToken ct)
    {
        await LockAsync(work, customer, ct);
        var held = await work.QuerySingleAsync<long>(
            $"""
            select coalesce(sum(credit_micros), 0)::bigint from payments held where tenant_id = current_tenant() and customer_id = @customer and test = @test and currency = @currency and credit_micros > 0
              and status not in ('succeeded', 'expired', 'canceled') and not (status = 'failed' and (failure_code is not distinct from @RefusedByProvider or provider = @Coins))
              and not {OpenCheckout.Over} and (provider <> @Coins or created_at > @sinceCoins)
            """,
            new
            {
                customer, test, currency = currency.Code, Payment.RefusedByProvider, PagesOver = OpenCheckout.PagesOver(work.Now), Coins = NowPaymentsFacts.Provider, sinceCoins = work.Now - LongestForCoins,
            }, ct);
        return new(Math.Max(0, await StandsAsync(work, customer, currency, test, ct) - held), currency);
    }

    /// <returns>In micros, as the books have it: what is held is part of it.</returns>
    private static Task<long> StandsAsync(Work work, Guid customer, Currency currency, bool test, CancellationToken ct) => work.QuerySingleAsync<long>(
        """
        select coalesce(-sum(l.micros), 0)::bigint from ledger_entries e join ledger_lines l on l.entry_id = e.id and l.tenant_id = current_tenant()
        where e.tenant_id = current_tenant() and e.customer_id = @customer and e.test = @test and l.account = @CustomerCredit and l.currency = @currency
        """, new { customer, test, Accounts.CustomerCredit, currency = currency.Code }, ct);

    /// <summary>Until the work ends nobody else takes of the customer's credit.</summary>
    /// <inheritdoc cref="TierKeeper.LockAsync"/>
    public static Task LockAsync(Work work, Guid customer, CancellationToken ct) => TierKeeper.LockAsync(work, customer, ct);

    /// <summary>What of a credit a payment takes: all of it, in what can be charged, and never so much that less than one unit is left to pay, which providers refuse.</summary>
    public static Money TakenOff(Money due, Money left)
    {
        var step = due.Currency.Exponent == 0 ? Money.MicrosPerUnit : Money.MicrosPerUnit / 100;
        var taken = Math.Min(left.Micros / step * step, due.Micros);
        return due with { Micros = due.Micros - taken is > 0 and < Money.MicrosPerUnit ? Math.Max(0, due.Micros - Money.MicrosPerUnit) : taken };
    }

    /// <summary>A payment is paid: what it held of the customer's credit is spent, once. Where its hold was over and another has spent that meanwhile, the credit goes below zero, so that the books are the same in whichever order
    /// both are told, and the next credit fills it; a person is shown it.</summary>
    /// <remarks>At the time at which it was set aside, which is the same whichever of several pages pays.</remarks>
    public static async Task SpendAsync(Work work, Payment payment, CancellationToken ct)
    {
        if (payment is not { CreditMicros: > 0, CustomerId: { } customer }) return;
        await LockAsync(work, customer, ct);
        if (payment.CreditMicros - Math.Max(0, await StandsAsync(work, customer, payment.Currency, payment.Test, ct)) is > 0 and var lacking)
            await Alerts.RaiseAsync(work, "medium", $"credit-spent:{payment.Id:N}",
                $"{payment.Description} was paid when {new Money(lacking, payment.Currency)} of the credit that it took had been spent elsewhere: the customer's credit is below zero, and the next one fills it.", ct);
        var spent = new CreditSpent(payment.Id, customer, payment.CreditMicros, payment.Currency.Code, payment.Test, payment.CreatedAt);
        await HeardEvents.BookAsync(work, payment.Id, spent, payment.CreatedAt, HeardBookings.Of(spent), ct);
    }
}
