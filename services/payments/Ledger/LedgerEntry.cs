namespace Empire.Payments.Ledger;

/// <summary>One side of an entry, as the API shows it.</summary>
/// <param name="Debit">Null on a credit line.</param>
/// <param name="Credit">Null on a debit line.</param>
public sealed record LedgerLine(string Account, string Currency, decimal? Debit, decimal? Credit)
{
    public static LedgerLine Of(string account, string currency, long micros) =>
        new(account, currency, micros > 0 ? (decimal)micros / Money.MicrosPerUnit : null, micros < 0 ? -(decimal)micros / Money.MicrosPerUnit : null);
}

/// <summary>An entry of the books with its lines, as the API shows it.</summary>
/// <param name="Cause">What was booked, once for ever: <c>conversion:…</c>.</param>
/// <param name="OccurredAt">By whoever told of it.</param>
/// <param name="Test">Made against the sandbox.</param>
/// <param name="BookedAt">When we learned of it.</param>
/// <example>{"id": "ent_0199f3a17c5b7d3e8a4b5c6d7e8f9028", "cause": "sponsored:0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f902d", "description": "A page about cold brew",
/// "piece_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9017", "publication_id": null, "product_id": null, "niche": null, "platform": null, "prompt_version": null, "customer_id": null,
/// "payment_id": null, "test": false, "occurred_at": "2026-03-02T08:00:00+00:00", "booked_at": "2026-03-02T08:00:00+00:00", "lines": [{"account": "receivable:sponsors", "currency": "USD",
/// "debit": 250, "credit": null}, {"account": "revenue:sponsored", "currency": "USD", "debit": null, "credit": 250}]}</example>
public sealed record LedgerEntry(
    string Id, string Cause, string Description, Guid? PieceId, Guid? PublicationId, Guid? ProductId, string? Niche, string? Platform, string? PromptVersion, Guid? CustomerId,
    Guid? PaymentId, bool Test, DateTimeOffset OccurredAt, DateTimeOffset BookedAt, IReadOnlyList<LedgerLine> Lines);
