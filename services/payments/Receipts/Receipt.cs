using Empire.Data;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Subscriptions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Receipts;

/// <summary>What a payer files of a payment that arrived, whichever way they paid.</summary>
internal static class Receipt
{
    /// <summary>The address, after that of the installation, under which whoever has it opens the receipt.</summary>
    public static string PathOf(Guid key) => $"/receipt/{key:N}";

    /// <inheritdoc cref="PathOf"/>
    public static string PathOfInvoice(Guid key) => $"/invoice/{key:N}";

    /// <summary><c>GET /api/v1/revenue/payments/{id}/receipt</c>: the receipt of a payment as a page to print.</summary>
    /// <param name="id">pay_…, or an upgrade's tx_….</param>
    public static async Task<Results<PlainPage, NotFound, ProblemHttpResult>> ShowAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(PaymentView.Prefix, id, out var payment) && !PublicId.TryParse("tx", id, out payment)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await work.QuerySingleOrDefaultAsync<Row>(Row.Select + " and p.id = @payment", new { payment }, ct) is not { } row) return TypedResults.NotFound();
        if (row.CapturedAt is null) return new Refusal("not-paid", $"The payment is {row.Status}; there is a receipt once it is paid.").ToProblem();
        return await PageAsync(work, row, ct);
    }

    /// <summary><c>GET /receipt/{key}</c>: for the payer, by the link of their mail.</summary>
    public static async Task<PlainPage> OpenAsync(Guid key, HttpResponse response, Database db, CancellationToken ct)
    {
        Guid? tenant;
        await using (var system = await db.BeginSystemAsync(ct)) tenant = await system.QuerySingleOrDefaultAsync<Guid?>("select tenant_id from payments where receipt_key = @key and captured_at is not null", new { key }, ct);
        Unlisted(response);
        if (tenant is null) return Missing(response, "receipt");
        await using var work = await db.BeginAsync(new(tenant.Value), ct);
        return await PageAsync(work, await work.QuerySingleAsync<Row>(Row.Select + " and p.receipt_key = @key", new { key }, ct), ct);
    }

    /// <summary><c>GET /invoice/{key}</c>: for the payer, by the link of their mail.</summary>
    public static async Task<PlainPage> OpenInvoiceAsync(Guid key, HttpResponse response, Database db, CancellationToken ct)
    {
        (Guid Id, Guid Tenant)? found;
        await using (var system = await db.BeginSystemAsync(ct)) found = await system.QuerySingleOrDefaultAsync<(Guid, Guid)?>("select id, tenant_id from invoices where receipt_key = @key and status <> 'draft'", new { key }, ct);
        Unlisted(response);
        if (found is not var (invoice, tenant)) return Missing(response, "invoice");
        await using var work = await db.BeginAsync(new(tenant), ct);
        return (await InvoiceView.PageAsync(work, invoice, ct))!;
    }

    /// <summary>Whoever has the link may read; nobody else is to find it, in an index, a cache or a referrer.</summary>
    private static void Unlisted(HttpResponse response)
    {
        response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "private, no-store";
    }

    /// <summary>Whoever opens it has a browser and a mail, so it is a page too.</summary>
    private static PlainPage Missing(HttpResponse response, string what)
    {
        response.StatusCode = StatusCodes.Status404NotFound;
        return new($"No such {what}", $"<main><h1>No such {what}</h1><p>There is no {what} at this address. Open the link of the mail once more, whole; if it still leads here, ask whoever sent it.</p></main>");
    }

    private static async Task<PlainPage> PageAsync(Work work, Row row, CancellationToken ct)
    {
        static decimal Units(long micros) => (decimal)micros / Money.MicrosPerUnit;
        var refunds = await work.QueryAsync<(long Micros, DateTimeOffset At)>(
            "select amount_micros, created_at from refunds where tenant_id = current_tenant() and payment_id = @Id and status = 'succeeded' order by created_at, id", new { row.Id }, ct);
        List<(string, decimal)> lines = [(row.Description, Units(row.AmountMicros + row.DiscountMicros + row.CreditMicros))];
        if (row.DiscountMicros > 0) lines.Add((row.Coupon is { } coupon ? $"Discount {coupon}" : "Discount", -Units(row.DiscountMicros)));
        if (row.CreditMicros > 0) lines.Add(("Credit", -Units(row.CreditMicros)));
        List<(string, decimal)> sums = [($"Paid on {Bill.Day(row.CapturedAt)}", Units(row.AmountMicros)), .. refunds.Select(back => ($"Given back on {Bill.Day(back.At)}", -Units(back.Micros)))];
        if (refunds.Count > 0) sums.Add(("Left", Units(row.AmountMicros - refunds.Sum(back => back.Micros))));
        string[] notes = [row.Provider switch { "stripe" => "Paid by card, through Stripe.", "flutterwave" => "Paid through Flutterwave.", _ => $"Paid in coins{(row.PayCurrency is { } coin ? $" ({coin.ToUpperInvariant()})" : "")}, through NowPayments." }];
        return new Bill("Receipt", PublicId.Format(row.Purpose == "upgrade" ? "tx" : PaymentView.Prefix, row.Id), row.CapturedAt!.Value, row.Name is { Length: > 0 } name ? $"{name}, {row.Email}" : row.Email, row.Test,
            Currency.Parse(row.Currency), lines, sums, row.AmountMicros == 0 ? [] : notes).ToPage(await BillingSettings.OfAsync(work, ct));
    }

    private sealed record Row
    {
        public const string Select = """
            select p.id, p.purpose, p.provider, p.status, p.amount_micros, p.discount_micros, p.credit_micros, p.currency, p.description, p.pay_currency, p.test, p.captured_at, c.email, c.name,
              (select code from coupons k where k.tenant_id = current_tenant() and k.id = p.coupon_id) as coupon
            from payments p left join customers c on c.id = p.customer_id and c.tenant_id = current_tenant()
            where p.tenant_id = current_tenant()
            """;

        public Guid Id { get; init; }
        public string Purpose { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Status { get; init; } = "";
        public long AmountMicros { get; init; }
        public long DiscountMicros { get; init; }
        public long CreditMicros { get; init; }
        public string Currency { get; init; } = "";
        public string Description { get; init; } = "";
        public string? PayCurrency { get; init; }
        public string? Coupon { get; init; }
        public bool Test { get; init; }
        public DateTimeOffset? CapturedAt { get; init; }
        public string? Email { get; init; }
        public string? Name { get; init; }
    }
}
