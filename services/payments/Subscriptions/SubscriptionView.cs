using Empire.Payments.Charges;
using Empire.Payments.Customers;
using Empire.Security;

namespace Empire.Payments.Subscriptions;

/// <summary>A subscription as clients see it.</summary>
/// <param name="Status">pending, incomplete, incomplete_expired, trialing, active, past_due, unpaid, paused, canceled; failed where the provider would not begin it.</param>
/// <param name="Tier">What it gives the customer, where its price says so.</param>
/// <param name="ActionUrl">Where the payer goes on while an invoice is open: the provider's page on which they confirm with their bank, or pay by another card.</param>
/// <param name="ClientSecret">With it the payer's browser confirms the payment of that invoice, as of a single payment; only of one that was made when the subscription was begun or changed here, and only while it is open.</param>
/// <param name="PendingPriceId">To which it changes as soon as the difference is paid; null: nothing waits.</param>
/// <param name="Amount">Each <paramref name="Period"/>; null while the provider has not answered.</param>
/// <example>{"subscription_id": "sub_0199f3a17c5b7d3e8a4b5c6d7e8f9023", "customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "price_id": "price_coffee_monthly", "status": "active",
/// "tier": null, "amount": 12, "currency": "USD", "period": "month", "current_period_start": "2026-03-02T08:00:00+00:00", "current_period_end": "2026-04-02T08:00:00+00:00",
/// "cancel_at_period_end": false, "canceled_at": null, "ended_at": null, "failure_detail": null, "client_secret": null, "action_url": null, "pending_price_id": null, "test": false, "created_at": "2026-03-02T08:00:00+00:00"}</example>
public sealed record SubscriptionView(
    string SubscriptionId, string CustomerId, string PriceId, string Status, string? Tier, decimal? Amount, string? Currency, string? Period, DateTimeOffset? CurrentPeriodStart, DateTimeOffset? CurrentPeriodEnd,
    bool CancelAtPeriodEnd, DateTimeOffset? CanceledAt, DateTimeOffset? EndedAt, string? FailureDetail, string? ClientSecret, string? ActionUrl, string? PendingPriceId, bool Test, DateTimeOffset CreatedAt)
{
    public const string Prefix = "sub";

    internal const string Select = """
        select id, customer_id, price, status, tier, amount_micros, currency, period, current_period_start, current_period_end, cancel_at_period_end, canceled_at, ended_at, failure_detail, pending_price, test, created_at,
          action_invoice, action_url, client_secret, exists (select from invoices i where i.tenant_id = current_tenant() and i.provider_ref = action_invoice) as action_told,
          (select array[i.provider_ref, i.hosted_url] from invoices i where i.tenant_id = current_tenant() and i.subscription_id = subscriptions.id and i.status = 'open' and i.amount_due_micros > 0 order by i.created_at desc, i.provider_ref desc limit 1) as open_invoice
        from subscriptions
        """;

    internal static SubscriptionView Of(Row row, Sealer sealer)
    {
        // What was answered holds until the invoice itself is told of; then the invoice says whether anything is to be done.
        var (open, answered) = (row.Status is "pending" or "incomplete" or "past_due" or "unpaid" || row.PendingPrice is not null, row.ActionInvoice is not null && (!row.ActionTold || row.OpenInvoice?[0] == row.ActionInvoice));
        return new(
            PublicId.Format(Prefix, row.Id), PublicId.Format(Customer.Prefix, row.CustomerId), row.Price, row.Status, row.Tier, row.AmountMicros is { } micros ? (decimal)micros / Money.MicrosPerUnit : null, row.Currency, row.Period,
            row.CurrentPeriodStart, row.CurrentPeriodEnd, row.CancelAtPeriodEnd, row.CanceledAt, row.EndedAt, row.FailureDetail, open && answered ? Payment.ClientSecretOf(row.ClientSecret, sealer) : null, open ? row.OpenInvoice?[1] ?? (answered ? row.ActionUrl : null) : null, row.PendingPrice, row.Test, row.CreatedAt);
    }

    internal sealed record Row
    {
        public Guid Id { get; init; }
        public Guid CustomerId { get; init; }
        public string Price { get; init; } = "";
        public string Status { get; init; } = "";
        public string? Tier { get; init; }
        public long? AmountMicros { get; init; }
        public string? Currency { get; init; }
        public string? Period { get; init; }
        public DateTimeOffset? CurrentPeriodStart { get; init; }
        public DateTimeOffset? CurrentPeriodEnd { get; init; }
        public bool CancelAtPeriodEnd { get; init; }
        public DateTimeOffset? CanceledAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? FailureDetail { get; init; }
        public string? PendingPrice { get; init; }
        public bool Test { get; init; }
        public DateTimeOffset CreatedAt { get; init; }

        /// <summary>The provider's id of the invoice that <see cref="ActionUrl"/> and <see cref="ClientSecret"/> are of.</summary>
        public string? ActionInvoice { get; init; }
        public string? ActionUrl { get; init; }
        public string? ClientSecret { get; init; }

        /// <summary>That invoice has been told of.</summary>
        public bool ActionTold { get; init; }

        /// <summary>Of the newest invoice that is to be paid: the provider's id, and its page.</summary>
        public string?[]? OpenInvoice { get; init; }
    }
}
