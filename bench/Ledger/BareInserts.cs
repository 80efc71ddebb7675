using Empire.Data;
using Empire.Payments.Ledger;

namespace Empire.Bench.Ledger;

/// <summary>The floor: the same rows of entries and lines into the same tables, with the same indexes, without balances.</summary>
internal static class BareInserts
{
    public static Task InsertAsync(Work work, Booking[] bookings, CancellationToken ct)
    {
        var ids = Array.ConvertAll(bookings, booking => Book.IdOf(work.Tenant, booking.Cause));
        var lines = bookings.SelectMany((booking, i) => booking.Lines.Select((line, at) => (Id: ids[i], booking, line, Position: (short)(at + 1)))).ToArray();
        return work.ExecuteAsync(
            """
            with entry as (
              insert into ledger_entries (tenant_id, booked_at, id, cause, occurred_at, description, test, piece_id, niche, platform)
              select @Tenant, @Now, * from unnest(@ids, @causes, @moments, @descriptions, @tests, @pieces, @niches, @platforms)
            )
            insert into ledger_lines (tenant_id, entry_id, position, account, currency, micros, test, occurred_at)
            select @Tenant, * from unnest(@lineIds, @positions, @accounts, @currencies, @micros, @lineTests, @lineMoments)
            """,
            new
            {
                work.Tenant, work.Now, ids, causes = Array.ConvertAll(bookings, b => b.Cause), moments = Array.ConvertAll(bookings, b => b.OccurredAt.UtcDateTime),
                descriptions = Array.ConvertAll(bookings, b => b.Description), tests = Array.ConvertAll(bookings, b => b.Test), pieces = Array.ConvertAll(bookings, b => b.Lineage.PieceId),
                niches = Array.ConvertAll(bookings, b => b.Lineage.Niche), platforms = Array.ConvertAll(bookings, b => b.Lineage.Platform),
                lineIds = Array.ConvertAll(lines, l => l.Id), positions = Array.ConvertAll(lines, l => l.Position), accounts = Array.ConvertAll(lines, l => l.line.Account),
                currencies = Array.ConvertAll(lines, l => l.line.Amount.Currency.Code), micros = Array.ConvertAll(lines, l => l.line.Amount.Micros), lineTests = Array.ConvertAll(lines, l => l.booking.Test),
                lineMoments = Array.ConvertAll(lines, l => l.booking.OccurredAt.UtcDateTime),
            }, ct);
    }
}
