using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Customers;
using Empire.Payments.Receipts;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Subscriptions;

/// <summary>An invoice as clients see it.</summary>
/// <param name="Status">draft, open, paid, void or uncollectible.</param>
/// <param name="Attempts">How often payment was tried.</param>
/// <param name="NextAttemptAt">When it is tried again; null where it is not.</param>
/// <param name="PaymentId">pay_…: what paid it; null where it is not paid, there was nothing to pay, or the provider has told of the invoice and not yet of the payment.</param>
/// <param name="ActionUrl">The provider's page on which the payer confirms with their bank, or pays by another card; only while it is to be paid.</param>
/// <param name="ClientSecret">With it the payer's browser confirms its payment; only while it is to be paid, and only of one that was made when its subscription was begun or changed here.</param>
/// <param name="Lines">What it is for; a proration is the part of a period. They sum to the amount due.</param>
/// <example>{"invoice_id": "inv_0199f3a17c5b7d3e8a4b5c6d7e8f9024", "number": "C0FFEE01-0001", "customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012",
/// "subscription_id": "sub_0199f3a17c5b7d3e8a4b5c6d7e8f9023", "payment_id": "pay_0199f3a17c5b7d3e8a4b5c6d7e8f9021", "amount_due": 12, "amount_paid": 12, "currency": "USD", "status": "paid",
/// "attempts": 1, "next_attempt_at": null, "period_start": "2026-03-02T08:00:00+00:00", "period_end": "2026-04-02T08:00:00+00:00", "lines": [{"description": "Coffee club, a month",
/// "amount": 12, "proration": false, "from": "2026-03-02T08:00:00+00:00", "to": "2026-04-02T08:00:00+00:00"}], "client_secret": null, "action_url": null, "test": false, "created_at": "2026-03-02T08:00:00+00:00"}</example>
public sealed record InvoiceView(
    string InvoiceId, string? Number, string? CustomerId, string? SubscriptionId, string? PaymentId, decimal AmountDue, decimal AmountPaid, string Currency, string Status, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? PeriodStart,
    DateTimeOffset? PeriodEnd, JsonElement Lines, string? ClientSecret, string? ActionUrl, bool Test, DateTimeOffset CreatedAt)
{
    private const string Prefix = "inv";

    private const string Select = """
        select i.id, i.number, i.customer_id, i.subscription_id, p.id as payment_id, i.amount_due_micros, i.amount_paid_micros, i.currency, i.status, i.attempts, i.next_attempt_at, i.period_start, i.period_end, i.lines::text as lines, i.test, i.created_at,
          i.hosted_url, s.client_secret, c.email, c.name from invoices i left join customers c on c.id = i.customer_id and c.tenant_id = current_tenant()
        left join payments p on p.provider = 'stripe' and p.provider_ref = i.payment_ref and p.tenant_id = current_tenant() and p.status = 'succeeded'
        left join subscriptions s on s.id = i.subscription_id and s.action_invoice = i.provider_ref and s.tenant_id = current_tenant()
        """;

    /// <summary>The invoices of the caller's account, the newest first.</summary>
    /// <param name="subscriptionId">sub_…; null is all.</param>
    public static async Task<Page<InvoiceView>> ListAsync([FromQuery(Name = "subscription_id")] string? subscriptionId, [AsParameters] PageRequest page, Caller caller, Database db, Sealer sealer, CancellationToken ct)
    {
        var subscription = subscriptionId is null ? (Guid?)null : PublicId.TryParse(SubscriptionView.Prefix, subscriptionId, out var parsed) ? parsed : throw new InvalidFieldException("subscription_id", "wanted: sub_….");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            Select + """

            where i.tenant_id = current_tenant() and (@subscription::uuid is null or i.subscription_id = @subscription) and (@at::timestamptz is null or (i.created_at, i.id) < (@at, @id))
            order by i.created_at desc, i.id desc limit @Fetch
            """, new { subscription, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(row => Of(row, sealer));
    }

    /// <summary>One invoice; as a page to print where the client asks for <c>text/html</c>.</summary>
    /// <param name="id">inv_….</param>
    public static async Task<Results<Ok<InvoiceView>, PlainPage, NotFound>> OneAsync(string id, Caller caller, Database db, Sealer sealer, HttpRequest request, CancellationToken ct)
    {
        if (!PublicId.TryParse(Prefix, id, out var invoice)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await work.QuerySingleOrDefaultAsync<Row>(Select + " where i.tenant_id = current_tenant() and i.id = @invoice", new { invoice }, ct) is not { } row) return TypedResults.NotFound();
        return request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) ? await PageAsync(work, row, ct) : TypedResults.Ok(Of(row, sealer));
    }

    private static InvoiceView Of(Row row, Sealer? sealer)
    {
        var open = row is { Status: "open", AmountDueMicros: > 0 };
        using var lines = JsonDocument.Parse(row.Lines);
        return new(
            PublicId.Format(Prefix, row.Id), row.Number, row.CustomerId is { } customer ? PublicId.Format(Customer.Prefix, customer) : null, row.SubscriptionId is { } subscription ? PublicId.Format(SubscriptionView.Prefix, subscription) : null,
            row.PaymentId is { } payment ? PublicId.Format(PaymentView.Prefix, payment) : null, (decimal)row.AmountDueMicros / Money.MicrosPerUnit, (decimal)row.AmountPaidMicros / Money.MicrosPerUnit, row.Currency, row.Status, row.Attempts, row.NextAttemptAt, row.PeriodStart, row.PeriodEnd, lines.RootElement.Clone(),
            open && sealer is not null ? Payment.ClientSecretOf(row.ClientSecret, sealer) : null, open ? row.HostedUrl : null, row.Test, row.CreatedAt);
    }

    /// <returns>Null where this account has no such invoice.</returns>
    internal static async Task<PlainPage?> PageAsync(Work work, Guid invoice, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<Row>(Select + " where i.tenant_id = current_tenant() and i.id = @invoice", new { invoice }, ct) is { } row ? await PageAsync(work, row, ct) : null;

    private static async Task<PlainPage> PageAsync(Work work, Row row, CancellationToken ct)
    {
        var view = Of(row, sealer: null);
        List<string> notes = view.PeriodStart is null || view.PeriodStart == view.PeriodEnd ? [] : [$"For {Bill.Day(view.PeriodStart)} to {Bill.Day(view.PeriodEnd)}."];
        notes.Add(view.Status switch { "paid" => "It is paid.", "open" => "It is to be paid.", "void" => "It is void: nothing is to be paid.", "uncollectible" => "It could not be collected.", _ => "It is not final yet." });
        return new Bill(view.Status == "paid" ? "Receipt" : "Invoice", view.Number, view.CreatedAt, row.Name is { Length: > 0 } name ? $"{name}, {row.Email}" : row.Email, view.Test, Empire.Currency.Parse(row.Currency),
            [.. view.Lines.EnumerateArray().Select(line => (line.GetProperty("description").GetString() ?? "", line.GetProperty("amount").GetDecimal()))],
            [("Due", view.AmountDue), ("Paid", view.AmountPaid)], notes, view.ActionUrl).ToPage(await BillingSettings.OfAsync(work, ct));
    }

    internal sealed record Row
    {
        public Guid Id { get; init; }
        public string? Number { get; init; }
        public Guid? CustomerId { get; init; }
        public Guid? SubscriptionId { get; init; }
        public Guid? PaymentId { get; init; }
        public long AmountDueMicros { get; init; }
        public long AmountPaidMicros { get; init; }
        public string Currency { get; init; } = "";
        public string Status { get; init; } = "";
        public int Attempts { get; init; }
        public DateTimeOffset? NextAttemptAt { get; init; }
        public DateTimeOffset? PeriodStart { get; init; }
        public DateTimeOffset? PeriodEnd { get; init; }
        public string Lines { get; init; } = "[]";
        public bool Test { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public string? HostedUrl { get; init; }
        public string? ClientSecret { get; init; }
        public string? Email { get; init; }
        public string? Name { get; init; }
    }
}
