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

    /// <param name="work">Of the account, or narrowed to it.</param>
    /// <param name="happenedAt">When what names the address came about.</param>
    public static Task<bool> HoldsAsync(Work work, string address, DateTimeOffset happenedAt, CancellationToken ct) => work.QuerySingleAsync<bool>(
        "select exists (select from kernel.erased_addresses where tenant_id = current_tenant() and address_hash = @hash and erased_at >= @happenedAt)", new { hash = HashOf(address), happenedAt }, ct);

    /// <param name="work">Over all tenants, or of the account.</param>
    public static Task AddAsync(Work work, TenantId account, string address, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into kernel.erased_addresses as a (address_hash, tenant_id, erased_at) values (@hash, @account, @Now)
        on conflict (address_hash, tenant_id) do update set erased_at = greatest(a.erased_at, excluded.erased_at)
        """, new { hash = HashOf(address), account, work.Now }, ct);
}
