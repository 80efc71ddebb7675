using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Ledger;

/// <summary><c>GET /api/v1/ledger/drifts</c>: where the check that never rests found the books to contradict themselves, newest first.</summary>
public static class ListDrifts
{
    /// <param name="Kind">balance: not the sum of its lines. entry: does not balance.</param>
    /// <param name="Subject">The account with its currency, or the entry.</param>
    /// <param name="HealedAt">When a later check no longer found it; null while it stands.</param>
    /// <example>{"id": "drf_0199f3a17c5b7d3e8a4b5c6d7e8f902a", "kind": "balance", "subject": "cash:stripe USD",
    /// "detail": "The balance says debit 78000000, credit 1430000 of 3 lines; the lines sum to debit 39000000, credit 1430000 of 2 lines (in millionths).",
    /// "found_at": "2026-03-02T08:00:00+00:00", "healed_at": null}</example>
    public sealed record Drift(string Id, string Kind, string Subject, string Detail, DateTimeOffset FoundAt, DateTimeOffset? HealedAt);

    public static async Task<Page<Drift>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, kind, subject, detail, found_at, healed_at from ledger_drifts
            where tenant_id = @tenant and (@afterAt::timestamptz is null or (found_at, id) < (@afterAt, @afterId::uuid))
            order by found_at desc, id desc limit @limit
            """, new { tenant = caller.Tenant, afterAt = after?.At, afterId = after?.Id, limit = page.Fetch }, ct);
        return page.ToPage(rows, row => (row.FoundAt, row.Id)).Select(row => new Drift(PublicId.Format("drf", row.Id), row.Kind, row.Subject, row.Detail, row.FoundAt, row.HealedAt));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Detail { get; init; } = "";
        public DateTimeOffset FoundAt { get; init; }
        public DateTimeOffset? HealedAt { get; init; }
    }
}
