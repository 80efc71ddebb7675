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
public sealed record LedgerEntry(
    string Id, string Cause, string Description, Guid? PieceId, Guid? PublicationId, Guid? ProductId, string? Niche, string? Platform, string? PromptVersion, Guid? CustomerId,
    Guid? PaymentId, bool Test, DateTimeOffset OccurredAt, DateTimeOffset BookedAt, IReadOnlyList<LedgerLine> Lines);
