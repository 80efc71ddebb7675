namespace Empire.Payments.Customers;

/// <summary>A customer as clients see them.</summary>
/// <param name="Tier">free, professional or enterprise.</param>
/// <param name="SubscriptionStatus">trial, active, past_due or cancelled.</param>
/// <param name="Card">Brand and last four digits of what is charged by default; null where there is none. No more of a card is kept.</param>
/// <param name="Mirrored">Stripe has them.</param>
/// <param name="Problem">Why Stripe does not have them, or refuses their method.</param>
/// <example>{"customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "email": "grace@example.com", "name": "Grace", "tier": "free", "subscription_status": "trial",
/// "api_key_reference": null, "card": {"brand": "visa", "last4": "4242"}, "mirrored": true, "problem": null, "test": false, "created_at": "2026-03-02T08:00:00+00:00"}</example>
public sealed record CustomerView(
    string CustomerId, string Email, string? Name, string Tier, string SubscriptionStatus, string? ApiKeyReference, CustomerView.CardView? Card, bool Mirrored, string? Problem, bool Test, DateTimeOffset CreatedAt)
{
    public sealed record CardView(string Brand, string Last4);

    public static CustomerView Of(Row row) => new(
        PublicId.Format(Customer.Prefix, row.Id), row.Email, row.Name, row.Tier, row.ToldStatus, row.ApiKeyReference, row is { CardBrand: { } brand, CardLast4: { } last } ? new(brand, last) : null,
        row.StripeId is not null, row.StripeProblem, row.Test, row.CreatedAt);

    public const string Columns = "id, email, name, tier, told_status, api_key_reference, card_brand, card_last4, stripe_id, stripe_problem, test, created_at";

    public sealed record Row
    {
        public Guid Id { get; init; }
        public string Email { get; init; } = "";
        public string? Name { get; init; }
        public string Tier { get; init; } = "";
        public string ToldStatus { get; init; } = "";
        public string? ApiKeyReference { get; init; }
        public string? CardBrand { get; init; }
        public string? CardLast4 { get; init; }
        public string? StripeId { get; init; }
        public string? StripeProblem { get; init; }
        public bool Test { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }
}
