using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Customers;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Receipts;
using Empire.Payments.Tiers;

namespace Empire.Payments.Subscriptions;

/// <summary>Takes in where an invoice stands. The money itself is booked when it arrives.</summary>
internal static class InvoiceFacts
{
    /// <returns>False when it is no customer or subscription of ours, or not yet.</returns>
    public static async Task<bool> TakeAsync(Work work, InvoiceStands fact, CancellationToken ct)
    {
        if (fact.Customer is null || await StripeCustomers.FindAsync(work, fact.Customer, ct) is not var (customer, tenant)) return false;
        await work.ActForAsync(tenant, ct);
        var subscription = await work.QuerySingleOrDefaultAsync<Guid?>("select id from subscriptions where tenant_id = current_tenant() and provider_ref = @Subscription", new { fact.Subscription }, ct);
        if (subscription is null && fact.Subscription is not null) return false;
        await work.ExecuteAsync(
            """
            insert into invoices as i (id, tenant_id, customer_id, subscription_id, payment_ref, number, provider_ref, amount_due_micros, amount_paid_micros, currency, status, attempts, next_attempt_at, period_start,
              period_end, lines, hosted_url, credit_used_micros, paid_out_of_band, paid_at, told_at, told_by, test, created_at)
            values (@id, @Tenant, @customer, @subscription, @Reference, @Number, @theirs, @due, @paid, @currency, @Status, @Attempts,
              @NextAttemptAt, @PeriodStart, @PeriodEnd, @Lines::jsonb, @HostedUrl, @credit, @PaidOutOfBand, @PaidAt, @At, @TellsIt, @Test, @CreatedAt)
            on conflict (provider_ref) do update set number = excluded.number, payment_ref = coalesce(excluded.payment_ref, i.payment_ref), amount_due_micros = excluded.amount_due_micros,
              amount_paid_micros = excluded.amount_paid_micros, status = excluded.status, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at, lines = excluded.lines, hosted_url = coalesce(excluded.hosted_url, i.hosted_url),
              credit_used_micros = excluded.credit_used_micros, paid_out_of_band = excluded.paid_out_of_band, paid_at = excluded.paid_at,
              told_at = excluded.told_at, told_by = excluded.told_by
            where array_position(@ranks, excluded.status) > array_position(@ranks, i.status)
              or (excluded.status = i.status and (i.attempts, i.told_at, i.told_by) < (excluded.attempts, excluded.told_at, excluded.told_by))
            """,
            new
            {
                id = Book.IdOf(work.Tenant, $"{fact.Provider}:invoice:{fact.Id}"), work.Tenant, customer, subscription, fact.Reference, fact.Number, theirs = fact.Id, due = fact.Due.Micros, paid = fact.Paid.Micros, currency = fact.Due.Currency.Code,
                fact.Status, fact.Attempts, fact.NextAttemptAt, fact.PeriodStart, fact.PeriodEnd, fact.Lines, fact.HostedUrl, credit = fact.CreditUsed?.Micros, fact.PaidOutOfBand, fact.PaidAt, fact.At, fact.TellsIt, fact.Test, fact.CreatedAt, ranks = Ranks,
            }, ct);
        if (fact.AwaitsPayer) // whatever else was told, in whichever order; it counts while the invoice is open
            await work.ExecuteAsync("update invoices set awaits_payer = true where tenant_id = current_tenant() and provider_ref = @Id and not awaits_payer", new { fact.Id }, ct);
        foreach (var entry in Bookings.Of(fact, customer)) await Book.PostAsync(work, entry, ct);
        await TellFinalAsync(work, fact, ct);
        if (subscription is { } of && (fact.Reference is not null || fact.Status == "paid"))
        {
            await EntitlementTable.JudgeSubscriptionAsync(work, customer, of, ct);
            await TierKeeper.RefreshAsync(work, customer, ct);
        }
        return true;
    }

    /// <summary>Told once: whoever makes it so writes when, in the transaction that tells it.</summary>
    private static async Task TellFinalAsync(Work work, InvoiceStands fact, CancellationToken ct)
    {
        if (await work.QuerySingleOrDefaultAsync<Final>(
                """
                update invoices i set told_final_at = @Now from customers c
                where i.tenant_id = current_tenant() and c.tenant_id = current_tenant() and c.id = i.customer_id and i.provider_ref = @Id and i.status in ('open', 'paid') and i.told_final_at is null and i.amount_due_micros > 0
                returning i.id, i.customer_id, i.subscription_id, i.number, i.amount_due_micros, i.currency, i.receipt_key, i.test, c.email
                """, new { work.Now, fact.Id }, ct) is { } made)
            work.Publish(new InvoiceFinalized
            {
                TenantId = work.Tenant.Value, InvoiceId = made.Id, CustomerId = made.CustomerId, SubscriptionId = made.SubscriptionId, Email = made.Email, Number = made.Number, Micros = made.AmountDueMicros, Currency = made.Currency,
                Path = Receipt.PathOfInvoice(made.ReceiptKey), Test = made.Test, OccurredAt = fact.At,
            });
    }

    private sealed record Final
    {
        public Guid Id { get; init; }
        public Guid? CustomerId { get; init; }
        public Guid? SubscriptionId { get; init; }
        public string? Number { get; init; }
        public long AmountDueMicros { get; init; }
        public string Currency { get; init; } = "";
        public Guid ReceiptKey { get; init; }
        public bool Test { get; init; }
        public string? Email { get; init; }
    }

    /// <summary>An invoice does not go back: paid and void are final, and attempts are only added.</summary>
    private static readonly string[] Ranks = ["draft", "open", "uncollectible", "void", "paid"];
}
