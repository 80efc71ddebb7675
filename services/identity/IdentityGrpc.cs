using Empire.Contracts.V1;
using Empire.Data;
using Empire.Identity.Keys;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Empire.Identity;

/// <summary>Answers the gateway who holds a credential. It is the one gRPC face that needs no caller: it makes them.</summary>
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

    /// <summary>One answer for malformed, unknown and revoked: the caller learns nothing about which.</summary>
    private static RpcException Unknown() => new(new Status(StatusCode.Unauthenticated, "The API key is not valid."));
}
