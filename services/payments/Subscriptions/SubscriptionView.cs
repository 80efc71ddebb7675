using Empire.Payments.Customers;

namespace Empire.Payments.Subscriptions;

/// <summary>A subscription as clients see it.</summary>
/// <param name="Status">pending, incomplete, incomplete_expired, trialing, active, past_due, unpaid, paused, canceled; failed where the provider would not begin it.</param>
/// <param name="Tier">What it gives the customer, where its price says so.</param>
/// <param name="Amount">Each <paramref name="Period"/>; null while the provider has not answered.</param>
/// <example>{"subscription_id": "sub_0199f3a17c5b7d3e8a4b5c6d7e8f9023", "customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "price_id": "price_coffee_monthly", "status": "active",
/// "tier": null, "amount": 12, "currency": "USD", "period": "month", "current_period_start": "2026-03-02T08:00:00+00:00", "current_period_end": "2026-04-02T08:00:00+00:00",
/// "cancel_at_period_end": false, "canceled_at": null, "ended_at": null, "failure_detail": null, "test": false, "created_at": "2026-03-02T08:00:00+00:00"}</example>
public sealed record SubscriptionView(
    string SubscriptionId, string CustomerId, string PriceId, string Status, string? Tier, decimal? Amount, string? Currency, string? Period, DateTimeOffset? CurrentPeriodStart, DateTimeOffset? CurrentPeriodEnd,
    bool CancelAtPeriodEnd, DateTimeOffset? CanceledAt, DateTimeOffset? EndedAt, string? FailureDetail, bool Test, DateTimeOffset CreatedAt)
{
    public const string Prefix = "sub";

    internal const string Select = """
        select id, customer_id, price, status, tier, amount_micros, currency, period, current_period_start, current_period_end, cancel_at_period_end, canceled_at, ended_at, failure_detail, test, created_at from subscriptions
        """;

    internal static SubscriptionView Of(Row row) => new(
        PublicId.Format(Prefix, row.Id), PublicId.Format(Customer.Prefix, row.CustomerId), row.Price, row.Status, row.Tier, row.AmountMicros is { } micros ? (decimal)micros / Money.MicrosPerUnit : null, row.Currency, row.Period,
        row.CurrentPeriodStart, row.CurrentPeriodEnd, row.CancelAtPeriodEnd, row.CanceledAt, row.EndedAt, row.FailureDetail, row.Test, row.CreatedAt);

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
        public bool Test { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }
}
