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
    public static async Task<bool> PostAsync(Work work, Booking booking, CancellationToken ct)
    {
        Check(booking);
        var id = IdOf(work.Tenant, booking.Cause);
        var lineage = booking.Lineage;
        var added = await work.ExecuteAsync(
            """
            insert into ledger_entries (id, tenant_id, cause, occurred_at, description, test, piece_id, publication_id, product_id, niche, platform, prompt_version, customer_id, payment_id, booked_at)
            values (@id, @Tenant, @Cause, @OccurredAt, @Description, @Test, @PieceId, @PublicationId, @ProductId, @Niche, @Platform, @PromptVersion, @CustomerId, @PaymentId, @Now)
            on conflict (tenant_id, cause) do nothing
            """,
            new
            {
                id, work.Tenant, booking.Cause, booking.OccurredAt, booking.Description, booking.Test, lineage.PieceId, lineage.PublicationId, lineage.ProductId, lineage.Niche,
                lineage.Platform, lineage.PromptVersion, lineage.CustomerId, lineage.PaymentId, work.Now,
            }, ct);
        if (added == 0) return false;
        await work.ExecuteAsync(
            """
            insert into ledger_lines (entry_id, position, tenant_id, account, currency, micros, test, occurred_at)
            select @id, ordinality, @Tenant, account, currency, micros, @Test, @OccurredAt from unnest(@accounts, @currencies, @micros) with ordinality as line (account, currency, micros, ordinality)
            """,
            new
            {
                id, work.Tenant, booking.Test, booking.OccurredAt, accounts = booking.Lines.Select(line => line.Account).ToArray(),
                currencies = booking.Lines.Select(line => line.Amount.Currency.Code).ToArray(), micros = booking.Lines.Select(line => line.Amount.Micros).ToArray(),
            }, ct);
        // In the order of the key, so that two works never wait for each other in a ring.
        var moved = booking.Lines.GroupBy(line => (line.Account, line.Amount.Currency.Code)).OrderBy(account => account.Key.Account, StringComparer.Ordinal).ThenBy(account => account.Key.Code, StringComparer.Ordinal).ToList();
        await work.ExecuteAsync(
            """
            insert into ledger_balances as b (tenant_id, account, currency, test, debit_micros, credit_micros, lines)
            select @Tenant, account, currency, @Test, debit, credit, lines from unnest(@accounts, @currencies, @debits, @credits, @counts) as moved (account, currency, debit, credit, lines)
            on conflict (tenant_id, account, currency, test) do update
            set debit_micros = b.debit_micros + excluded.debit_micros, credit_micros = b.credit_micros + excluded.credit_micros, lines = b.lines + excluded.lines
            """,
            new
            {
                work.Tenant, booking.Test, accounts = moved.Select(account => account.Key.Account).ToArray(), currencies = moved.Select(account => account.Key.Code).ToArray(),
                debits = moved.Select(account => account.Sum(line => Math.Max(line.Amount.Micros, 0))).ToArray(), credits = moved.Select(account => account.Sum(line => Math.Max(-line.Amount.Micros, 0))).ToArray(),
                counts = moved.Select(account => account.LongCount()).ToArray(),
            }, ct);
        return true;
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

    private static void Check(Booking booking)
    {
        if (booking.Lines.Length < 2) throw new ArgumentException($"{booking.Cause} has fewer than two lines.", nameof(booking));
        if (booking.Lines.Any(line => line.Amount.Micros == 0)) throw new ArgumentException($"{booking.Cause} has a line of zero.", nameof(booking));
        foreach (var currency in booking.Lines.GroupBy(line => line.Amount.Currency))
            if (currency.Sum(line => line.Amount.Micros) is not 0 and var rest)
                throw new ArgumentException($"{booking.Cause} does not balance: {new Money(rest, currency.Key)} is left.", nameof(booking));
    }
}
