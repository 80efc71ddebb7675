using Empire.Contracts.V1;
using Empire.Data;
using Empire.Identity.Keys;
using Empire.Identity.Tenants;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Empire.Identity;

/// <summary>Answers the gateway who holds a credential, and the other services what an account is. Mapped without a caller, because <see cref="Authenticate"/> is what
/// makes one; every other method asks for it.</summary>
[AllowAnonymous]
public sealed class IdentityGrpc(Database db, TimeProvider clock) : Contracts.V1.Identity.IdentityBase
{
    /// <summary>How long the gateway may reuse an answer, and so how long a revoked key can still be honoured.</summary>
    public const int CacheSeconds = 10;

    public override async Task<AuthenticateReply> Authenticate(AuthenticateRequest request, ServerCallContext context)
    {
        if (!ApiKey.IsWellFormed(request.ApiKey)) throw Unknown();
        await using var work = await db.BeginSystemAsync(context.CancellationToken);
        var holder = await ApiKeyTable.FindAsync(work, ApiKey.Hash(request.ApiKey), context.CancellationToken) ?? throw Unknown();
        await ApiKeyTable.TouchAsync(work, holder.Id, clock.GetUtcNow(), context.CancellationToken);
        work.NothingToAudit();
        await work.CommitAsync(context.CancellationToken);
        return new()
        {
            TenantId = holder.TenantId.ToString(),
            Actor = "key:" + holder.Id.ToString("N"),
            Role = holder.Role,
            Tier = holder.Tier,
            Operator = holder.Operator,
            CacheSeconds = CacheSeconds,
        };
    }

    public override async Task<Tenant> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        await using var work = await db.BeginAsync(caller.Tenant, context.CancellationToken);
        var account = await TenantTable.FindAsync(work, context.CancellationToken) ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such account."));
        return new() { TenantId = caller.Tenant.Value.ToString(), Name = account.Name, Tier = account.Tier, TimeZone = account.TimeZone };
    }

    /// <summary>One answer for malformed, unknown and revoked: the caller learns nothing about which.</summary>
    private static RpcException Unknown() => new(new Status(StatusCode.Unauthenticated, "The API key is not valid."));
}
