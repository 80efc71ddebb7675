using Empire.Payments.Customers;
using Empire.Security;

namespace Empire.Payments.Charges;

/// <summary>A payment as clients see it.</summary>
/// <param name="Status">pending, requires_payment_method, requires_action, processing, partially_paid, failed, expired, canceled or succeeded.</param>
/// <param name="Amount">Plain decimal in <paramref name="Currency"/>.</param>
/// <param name="Refunded">Given back, or about to be.</param>
/// <param name="Refundable">What may still be given back; nothing while the payer's bank holds it for a dispute, or once that is lost.</param>
/// <param name="FailureCode">As the provider names it, as insufficient_funds.</param>
/// <param name="ClientSecret">With it the payer's browser confirms; only while something is to be done there. Null too where the installation has lost the key that sealed it: confirm with <c>POST …/confirm</c> then.</param>
/// <param name="ActionUrl">Where the payer goes on: 3-D Secure, or a checkout page.</param>
/// <param name="PayAddress">Of a payment in coins: where to, how much, of what.</param>
/// <param name="Discount">What a coupon took off; <paramref name="Amount"/> is what is left.</param>
/// <param name="Coupon">The coupon's word.</param>
/// <param name="Credit">What of the customer's credit was taken.</param>
/// <param name="SellerId">For whom it was sold; null: for the account itself.</param>
/// <param name="PlatformFee">What the platform keeps of a sale for a seller.</param>
/// <example>{"payment_id": "pay_0199f3a17c5b7d3e8a4b5c6d7e8f9021", "status": "succeeded", "amount": 39, "currency": "USD", "description": "Coffee course", "provider": "stripe",
/// "purpose": "sale", "customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "refunded": 0, "refundable": 39, "failure_code": null, "failure_detail": null, "client_secret": null,
/// "action_url": null, "pay_address": null, "pay_amount": null, "pay_currency": null, "discount": 0, "coupon": null, "credit": 0, "seller_id": null, "platform_fee": null, "disputed": false,
/// "test": false, "created_at": "2026-03-02T08:00:00+00:00", "captured_at": "2026-03-02T08:00:02+00:00"}</example>
public sealed record PaymentView(
    string PaymentId, string Status, decimal Amount, string Currency, string Description, string Provider, string Purpose, string? CustomerId, decimal Refunded, decimal Refundable, string? FailureCode,
    string? FailureDetail, string? ClientSecret, string? ActionUrl, string? PayAddress, decimal? PayAmount, string? PayCurrency, decimal Discount, string? Coupon, decimal Credit, string? SellerId, decimal? PlatformFee, bool Disputed, bool Test,
    DateTimeOffset CreatedAt, DateTimeOffset? CapturedAt)
{
    public const string Prefix = "pay";

    internal const string Select = """
        select p.*, coalesce((select sum(amount_micros) from refunds r where r.tenant_id = current_tenant() and r.payment_id = p.id and r.status <> 'failed'), 0)::bigint as refunded_micros,
          exists (select from disputes d where d.tenant_id = current_tenant() and d.payment_id = p.id) as disputed,
          exists (select from disputes d where d.tenant_id = current_tenant() and d.payment_id = p.id and d.status in ('needs_response', 'under_review', 'lost')) as withdrawn,
          (select code from coupons c where c.tenant_id = current_tenant() and c.id = p.coupon_id) as coupon
        from payments p
        """;

    internal static PaymentView Of(Row row, Sealer sealer)
    {
        decimal Units(long micros) => (decimal)micros / Money.MicrosPerUnit;
        var open = row.Status is "requires_payment_method" or "requires_action" or "failed";
        return new(
            Empire.PublicId.Format(row.Purpose == "upgrade" ? "tx" : Prefix, row.Id), row.Status, Units(row.AmountMicros), row.Currency, row.Description, row.Provider, row.Purpose,
            row.CustomerId is { } customer ? Empire.PublicId.Format(Customer.Prefix, customer) : null, Units(row.RefundedMicros), row is { Status: "succeeded", Withdrawn: false } ? Units(row.AmountMicros - row.RefundedMicros) : 0, row.FailureCode,
            row.FailureDetail, open ? Payment.ClientSecretOf(row.ClientSecret, sealer) : null, row.Status is "requires_action" or "pending" ? row.ActionUrl : null, row.PayAddress, row.PayAmount,
            row.PayCurrency, Units(row.DiscountMicros), row.Coupon, Units(row.CreditMicros), row.SellerId is { } seller ? Empire.PublicId.Format("seller", seller) : null, row.SellerId is null ? null : Units(row.PlatformFeeMicros), row.Disputed, row.Test, row.CreatedAt, row.CapturedAt);
    }

    internal sealed record Row
    {
        public Guid Id { get; init; }
        public string Provider { get; init; } = "";
        public string Purpose { get; init; } = "";
        public Guid? CustomerId { get; init; }
        public long AmountMicros { get; init; }
        public string Currency { get; init; } = "";
        public string Description { get; init; } = "";
        public string Status { get; init; } = "";
        public string? FailureCode { get; init; }
        public string? FailureDetail { get; init; }
        public string? ClientSecret { get; init; }
        public string? ActionUrl { get; init; }
        public string? PayAddress { get; init; }
        public decimal? PayAmount { get; init; }
        public string? PayCurrency { get; init; }
        public long DiscountMicros { get; init; }
        public string? Coupon { get; init; }
        public long CreditMicros { get; init; }
        public Guid? SellerId { get; init; }
        public long PlatformFeeMicros { get; init; }
        public long RefundedMicros { get; init; }
        public bool Disputed { get; init; }

        /// <summary>The payer's bank has the money.</summary>
        public bool Withdrawn { get; init; }
        public bool Test { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? CapturedAt { get; init; }
    }
}
