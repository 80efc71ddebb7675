using Empire.Data;

namespace Empire.Payments.Ledger;

/// <summary>Reads entries with their lines.</summary>
internal static class EntryTable
{
    public const string Prefix = "ent";

    public static async Task<LedgerEntry?> FindAsync(Work work, Guid id, CancellationToken ct)
    {
        var rows = await work.QueryAsync<EntryRow>($"select {EntryRow.Columns} from ledger_entries where tenant_id = current_tenant() and id = @id", new { id }, ct);
        return (await WithLinesAsync(work, rows, ct)).SingleOrDefault();
    }

    public static async Task<IReadOnlyList<LedgerEntry>> WithLinesAsync(Work work, IReadOnlyList<EntryRow> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return [];
        var lines = (await work.QueryAsync<LineRow>(
            "select entry_id, account, currency, micros from ledger_lines where tenant_id = current_tenant() and entry_id = any(@ids) order by entry_id, position",
            new { ids = entries.Select(entry => entry.Id).ToArray() }, ct)).ToLookup(line => line.EntryId, line => LedgerLine.Of(line.Account, line.Currency, line.Micros));
        return [.. entries.Select(entry => entry.ToEntry([.. lines[entry.Id]]))];
    }

    private sealed record LineRow
    {
        public Guid EntryId { get; init; }
        public string Account { get; init; } = "";
        public string Currency { get; init; } = "";
        public long Micros { get; init; }
    }
}

internal sealed record EntryRow
{
    public const string Columns =
        "id, cause, description, piece_id, publication_id, product_id, niche, platform, prompt_version, customer_id, payment_id, test, occurred_at, booked_at";

    public Guid Id { get; init; }
    public string Cause { get; init; } = "";
    public string Description { get; init; } = "";
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    public Guid? CustomerId { get; init; }
    public Guid? PaymentId { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
    public DateTimeOffset BookedAt { get; init; }

    public LedgerEntry ToEntry(IReadOnlyList<LedgerLine> lines) => new(PublicId.Format(EntryTable.Prefix, Id), Cause, Description, PieceId, PublicationId, ProductId, Niche, Platform,
        PromptVersion, CustomerId, PaymentId, Test, OccurredAt, BookedAt, lines);
}
