using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Privacy;

/// <summary>Whom this service has forgotten, so that a message or an answer from before then, however late it comes, does not write them down again. Somebody who comes back with the same address later is
/// somebody new.</summary>
public static class ErasedAddresses
{
    /// <param name="address">In any case.</param>
    public static byte[] HashOf(string address) => SHA256.HashData(Encoding.UTF8.GetBytes(address.Trim().ToLowerInvariant()));

    /// <summary>Whether what names the address must not be written. An erasure of it that begins now waits until this work is over, and finds what it has written.</summary>
    /// <param name="work">Of the account, or narrowed to it.</param>
    /// <param name="happenedAt">When what names the address came about.</param>
    public static async Task<bool> HoldsAsync(Work work, string address, DateTimeOffset happenedAt, CancellationToken ct)
    {
        var hash = HashOf(address);
        await KeepAsync(work, address, ct); // a statement of its own: the next one sees what was waited for
        return await work.QuerySingleAsync<bool>(
            "select exists (select from kernel.erased_addresses where tenant_id = current_tenant() and address_hash = @hash and erased_at >= @happenedAt)", new { hash, happenedAt }, ct);
    }

    /// <summary>An erasure of the address that begins now waits until this work is over, and finds what it has written. Taken before any row that an erasure changes: it holds the one and waits for the other.</summary>
    public static Task KeepAsync(Work work, string address, CancellationToken ct) => work.ExecuteAsync("select pg_advisory_xact_lock_shared(@key)", new { key = LockOf(HashOf(address)) }, ct);

    /// <summary>Begins an erasure: waits for whoever is writing the address down, and keeps others from it until the work is over.</summary>
    /// <param name="work">Of the account.</param>
    /// <returns>Up to when what names the address is theirs: the time of the first handling of this asking.</returns>
    public static async Task<DateTimeOffset> BeginAsync(Work work, string address, DateTimeOffset firstAskedAt, CancellationToken ct)
    {
        var hash = HashOf(address);
        await work.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = LockOf(hash) }, ct);
        return await work.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            "select erased_at from kernel.erased_addresses where tenant_id = current_tenant() and address_hash = @hash and asked_at >= @firstAskedAt", new { hash, firstAskedAt }, ct) ?? work.Now;
    }

    /// <summary>Handled again, the same asking changes nothing; a later one does.</summary>
    /// <param name="work">Over all tenants, or of the account.</param>
    public static Task AddAsync(Work work, TenantId account, string address, DateTimeOffset erasedAt, DateTimeOffset firstAskedAt, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into kernel.erased_addresses as a (address_hash, tenant_id, erased_at, asked_at) values (@hash, @account, @erasedAt, @firstAskedAt)
        on conflict (address_hash, tenant_id) do update set erased_at = greatest(a.erased_at, excluded.erased_at), asked_at = excluded.asked_at where a.asked_at is null or a.asked_at < excluded.asked_at
        """, new { hash = HashOf(address), account, erasedAt, firstAskedAt }, ct);

    private static long LockOf(byte[] hash) => BitConverter.ToInt64(hash);
}
