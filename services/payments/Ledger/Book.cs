using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Payments.Ledger;

/// <summary>The books of the tenants.</summary>
public static class Book
{
    /// <summary>Writes an entry and moves the balances of its accounts, in the caller's transaction.</summary>
    /// <param name="work">Open for the tenant whose books they are.</param>
    /// <returns>False when this cause is booked already; then nothing changes.</returns>
    /// <exception cref="ArgumentException">The lines do not sum to zero in each currency, or one is zero: the caller's bug.</exception>
    public static async Task<bool> PostAsync(Work work, Booking booking, CancellationToken ct) => await PostAllAsync(work, [booking], ct) == 1;

    /// <summary>As <see cref="PostAsync"/>, for several at once: one statement, whatever their number.</summary>
    /// <returns>How many of them were not booked before; of two with one cause the first stands.</returns>
    /// <exception cref="ArgumentException">One does not balance; then none is booked.</exception>
    public static async Task<int> PostAllAsync(Work work, IReadOnlyCollection<Booking> bookings, CancellationToken ct)
    {
        foreach (var booking in bookings) Check(booking);
        var entries = bookings.DistinctBy(booking => booking.Cause, StringComparer.Ordinal).Select(booking => (Id: IdOf(work.Tenant, booking.Cause), Booking: booking)).ToArray();
        if (entries.Length == 0) return 0;
        var lines = entries.SelectMany(entry => entry.Booking.Lines.Select((line, at) => (Entry: entry, Line: line, Position: (short)(at + 1)))).ToArray();
        return await work.QuerySingleAsync<int>(
            """
            with entry as (
              insert into ledger_entries (tenant_id, booked_at, id, cause, occurred_at, description, test, piece_id, publication_id, product_id, niche, platform, prompt_version, customer_id,
                payment_id)
              select @Tenant, @Now, * from unnest(@ids, @causes, @moments, @descriptions, @tests, @pieces, @publications, @products, @niches, @platforms, @prompts, @customers, @payments)
              on conflict do nothing -- by cause or by id, which follows from it: of two at once either index may meet the other first
              returning id
            ), line as (
              insert into ledger_lines (tenant_id, entry_id, position, account, currency, micros, test, occurred_at)
              select @Tenant, l.* from unnest(@lineIds, @positions, @accounts, @currencies, @micros, @lineTests, @lineMoments) as l (entry_id, position, account, currency, micros, test, occurred_at)
              join entry on entry.id = l.entry_id
              returning account, currency, test, micros
            ), balance as (
              insert into ledger_balances as b (tenant_id, account, currency, test, slot, debit_micros, credit_micros, lines)
              select @Tenant, account, currency, test, (select ledger_slot()), sum(greatest(micros, 0)), sum(greatest(-micros, 0)), count(*) from line group by account, currency, test
              on conflict (tenant_id, account, currency, test, slot) do update
              set debit_micros = b.debit_micros + excluded.debit_micros, credit_micros = b.credit_micros + excluded.credit_micros, lines = b.lines + excluded.lines
            )
            select count(*)::int from entry
            """,
            new
            {
                work.Tenant, work.Now,
                ids = Column(entries, e => e.Id), causes = Column(entries, e => e.Booking.Cause), moments = Column(entries, e => e.Booking.OccurredAt.UtcDateTime),
                descriptions = Column(entries, e => e.Booking.Description), tests = Column(entries, e => e.Booking.Test),
                pieces = Column(entries, e => e.Booking.Lineage.PieceId), publications = Column(entries, e => e.Booking.Lineage.PublicationId),
                products = Column(entries, e => e.Booking.Lineage.ProductId), niches = Column(entries, e => e.Booking.Lineage.Niche),
                platforms = Column(entries, e => e.Booking.Lineage.Platform), prompts = Column(entries, e => e.Booking.Lineage.PromptVersion),
                customers = Column(entries, e => e.Booking.Lineage.CustomerId), payments = Column(entries, e => e.Booking.Lineage.PaymentId),
                lineIds = Column(lines, l => l.Entry.Id), positions = Column(lines, l => l.Position), accounts = Column(lines, l => l.Line.Account),
                currencies = Column(lines, l => l.Line.Amount.Currency.Code), micros = Column(lines, l => l.Line.Amount.Micros), lineTests = Column(lines, l => l.Entry.Booking.Test),
                lineMoments = Column(lines, l => l.Entry.Booking.OccurredAt.UtcDateTime),
            }, ct);
    }

    /// <returns>Whether this cause is booked.</returns>
    public static Task<bool> HasAsync(Work work, string cause, CancellationToken ct) =>
        work.QuerySingleAsync<bool>("select exists (select from ledger_entries where tenant_id = current_tenant() and cause = @cause)", new { cause }, ct);

    /// <summary>The first 16 bytes of the SHA-256 of tenant and cause, marked as a UUIDv8: a name, not a moment.</summary>
    public static Guid IdOf(TenantId tenant, string cause)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{cause}"), hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new(hash[..16], bigEndian: true);
    }

    /// <exception cref="ArgumentException">Fewer than two lines, one of zero, or a currency that does not sum to zero.</exception>
    internal static void Check(Booking booking)
    {
        if (booking.Lines.Length < 2) throw new ArgumentException($"{booking.Cause} has fewer than two lines.", nameof(booking));
        if (booking.Lines.Any(line => line.Amount.Micros == 0)) throw new ArgumentException($"{booking.Cause} has a line of zero.", nameof(booking));
        foreach (var currency in booking.Lines.GroupBy(line => line.Amount.Currency))
            if (currency.Sum(line => line.Amount.Micros) is not 0 and var rest)
                throw new ArgumentException($"{booking.Cause} does not balance: {new Money(rest, currency.Key)} is left.", nameof(booking));
    }

    private static TColumn[] Column<TRow, TColumn>(TRow[] rows, Func<TRow, TColumn> of) => Array.ConvertAll(rows, row => of(row));
}
