using Empire.Data;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Refunds;

namespace Empire.Payments.Charges;

/// <summary>Keeps the books and rows of a payment that may have come in several parts, to several addresses or by several pages, and may have been sent back.</summary>
internal static class CoinFacts
{
    /// <inheritdoc cref="PaymentFacts.TakeAsync(Work, PaymentStands, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, SentBack fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, fact.Ours, null, ct) is not { } payment) return false;
        await Book.PostAllAsync(work, Bookings.Of(fact, payment.Terms), ct);
        await work.ExecuteAsync(
            "update payments set sent_back = jsonb_build_object(@Reference::text, @At::timestamptz) || sent_back where tenant_id = current_tenant() and id = @Id", new { fact.Reference, fact.At, payment.Id }, ct);
        await TogetherAsync(work, payment, ct);
        return true;
    }

    /// <inheritdoc cref="PaymentFacts.TakeAsync(Work, PaymentStands, CancellationToken)"/>
    public static async Task<bool> TakeAsync(Work work, CoinsSettled fact, CancellationToken ct)
    {
        if (await PaymentTable.LocateAsync(work, fact.Provider, fact.Reference, fact.Ours, null, ct) is not { } payment) return false;
        await Book.PostAllAsync(work, Bookings.Of(fact, payment.Terms), ct);
        await TogetherAsync(work, payment, ct);
        return true;
    }

    /// <summary>Books what all that is known of the payment's money means together.</summary>
    /// <param name="payment">Locked.</param>
    public static async Task TogetherAsync(Work work, Payment payment, CancellationToken ct)
    {
        var (arrived, sentBack) = (await ArrivedAsync(work, payment, ct), await SentBackAsync(work, payment, ct));
        await Book.PostAllAsync(work, [.. Bookings.Together(arrived, sentBack, sentBack.Count == 0 ? [] : await PaidOutAsync(work, payment, ct), payment.Terms)], ct);
        if (payment.Provider != NowPayments.NowPaymentsFacts.Provider) return;
        // What had paid for something and went back is a refund, as one that a bank card gets; of several takings that is the earliest.
        if (Bookings.Wholes(arrived, payment.Terms).FirstOrDefault() is not { } paid) return;
        var back = sentBack.FirstOrDefault(back => back.Reference == paid.Taken);
        if (await RefundTable.ForgetOthersAsync(work, payment, back?.RefundId, ct) && payment is { Purpose: "upgrade", CustomerId: { } buyer }) await PaymentFacts.GiveTierAsync(work, buyer, ct);
        if (back is null) return;
        await RefundFacts.RowAsync(work, payment, new(back.Provider, back.At, back.Test, back.RefundId, back.Reference, paid.Taken, null, payment.Amount, RefundStatus.Succeeded, null), ct);
    }

    /// <summary>As it stands in the books.</summary>
    private static async Task<IReadOnlyList<MoneyArrived>> ArrivedAsync(Work work, Payment payment, CancellationToken ct)
    {
        var prefix = $"{payment.Provider}:charge:";
        var entries = await work.QueryAsync<(string Cause, DateTimeOffset At, bool Test, long Micros, string Currency)>(
            """
            select e.cause, e.occurred_at, e.test, l.micros, l.currency::text from ledger_entries e join ledger_lines l on l.entry_id = e.id and l.tenant_id = current_tenant() and l.account = @cash
            where e.tenant_id = current_tenant() and e.payment_id = @Id and starts_with(e.cause, @prefix) and (e.cause like '%:captured' or e.cause like '%:short')
            """, new { payment.Id, prefix, cash = Accounts.Cash(payment.Provider) }, ct);
        return [.. entries.Select(entry => (Entry: entry, Taken: entry.Cause[prefix.Length..entry.Cause.LastIndexOf(':')])).Select(one => new MoneyArrived(
            payment.Provider, one.Entry.At, one.Entry.Test, one.Taken, payment.Id, one.Taken, new(one.Entry.Micros, Currency.Parse(one.Entry.Currency)), Partial: one.Taken.EndsWith(Bookings.PartSuffix, StringComparison.Ordinal)))];
    }

    private static async Task<IReadOnlyList<SentBack>> SentBackAsync(Work work, Payment payment, CancellationToken ct) =>
        [.. (await work.QueryAsync<(string Reference, DateTimeOffset At)>(
            "select key, (value #>> '{}')::timestamptz from payments, jsonb_each(sent_back) where tenant_id = current_tenant() and id = @Id order by key", new { payment.Id }, ct))
            .Select(row => new SentBack(payment.Provider, row.At, payment.Test, row.Reference, payment.Id))];

    /// <summary>As it stands in the books.</summary>
    private static async Task<IReadOnlyList<CoinsSettled>> PaidOutAsync(Work work, Payment payment, CancellationToken ct)
    {
        var (prefix, wallet) = ($"{payment.Provider}:payout:", Accounts.Wallets);
        var entries = await work.QueryAsync<(string Cause, DateTimeOffset At, bool Test, string Account, long Micros, string Currency)>(
            """
            select e.cause, e.occurred_at, e.test, l.account, l.micros, l.currency::text from ledger_entries e join ledger_lines l on l.entry_id = e.id and l.tenant_id = current_tenant() and starts_with(l.account, @wallet)
            where e.tenant_id = current_tenant() and e.payment_id = @Id and starts_with(e.cause, @prefix) and e.cause not like '%:returned'
            """, new { payment.Id, prefix, wallet }, ct);
        return [.. entries.Select(entry => (Entry: entry, Left: new Money(entry.Micros, Currency.Parse(entry.Currency)))).Select(one =>
            new CoinsSettled(payment.Provider, one.Entry.At, one.Entry.Test, one.Entry.Cause[prefix.Length..], payment.Id, one.Left, one.Left, one.Entry.Account[wallet.Length..], PaidOut: true))];
    }
}
