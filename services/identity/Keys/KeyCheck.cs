using Empire.Contracts.V1;
using Empire.Data;
using Empire.Identity.Access;
using Empire.Tiers;
using Grpc.Core;

namespace Empire.Identity.Keys;

/// <summary>Who calls by a key, and with what it may be used.</summary>
public sealed class KeyCheck(Database db, TierTable tiers, TimeProvider clock)
{
    /// <exception cref="RpcException">Unauthenticated, the same for malformed, unknown, expired and revoked: the caller learns nothing about which. PermissionDenied
    /// when the key is good but its account is closed.</exception>
    public async Task<AuthenticateReply> FindAsync(string key, CancellationToken ct)
    {
        if (!ApiKey.IsWellFormed(key)) throw Unknown();
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        var holder = await ApiKeyTable.FindAsync(work, ApiKey.Hash(key), now, ct) ?? throw Unknown();
        if (!holder.IsActive) throw new RpcException(new(StatusCode.PermissionDenied, "The account is closed."));
        await ApiKeyTable.TouchAsync(work, holder.Id, now, ct);
        work.NothingToAudit();
        await work.CommitAsync(ct);
        return new()
        {
            TenantId = holder.TenantId.ToString(),
            Actor = "key:" + holder.Id.ToString("N"),
            Role = holder.Role,
            Tier = holder.Tier,
            Operator = holder.Operator,
            CacheSeconds = ReusableFor(holder, now),
            Scopes = { holder.Scopes },
            AllowedNetworks = { holder.Networks.SelectMany(Networks.Split) },
            Metered = tiers[holder.Tier].ApiCallsPerMonth is not null,
        };
    }

    /// <summary>No longer than the key itself holds.</summary>
    private static int ReusableFor(KeyHolder holder, DateTimeOffset now) =>
        holder.ExpiresAt is { } end ? (int)Math.Min(IdentityGrpc.CacheSeconds, (end - now).TotalSeconds) : IdentityGrpc.CacheSeconds;

    private static RpcException Unknown() => new(new Status(StatusCode.Unauthenticated, "The API key is not valid."));
}
