using Empire.Contracts.V1;
using Empire.Data;
using Empire.Identity.Keys;
using Empire.Identity.Sessions;
using Empire.Identity.Tenants;
using Empire.Identity.Tokens;
using Empire.Tiers;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Empire.Identity;

/// <summary>Answers the gateway who holds a credential, and the other services what an account is. Mapped without a caller, because <see cref="Authenticate"/> is what
/// makes one; every other method asks for it.</summary>
[AllowAnonymous]
public sealed class IdentityGrpc(Database db, SessionCheck sessions, AccessTokens tokens, TierTable tiers, TimeProvider clock) : Contracts.V1.Identity.IdentityBase
{
    /// <summary>How long the gateway may reuse an answer, and so how long a revoked key can still be honoured.</summary>
    public const int CacheSeconds = 10;

    public override Task<AuthenticateReply> Authenticate(AuthenticateRequest request, ServerCallContext context) => request.CredentialCase switch
    {
        AuthenticateRequest.CredentialOneofCase.ApiKey => ByKeyAsync(request.ApiKey, context.CancellationToken),
        AuthenticateRequest.CredentialOneofCase.Session => BySessionAsync(request.Session, context.CancellationToken),
        AuthenticateRequest.CredentialOneofCase.AccessToken => ByTokenAsync(request.AccessToken, context.CancellationToken),
        _ => throw Unknown("There is no credential."),
    };

    public override async Task<Tenant> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        await using var work = await db.BeginAsync(caller.Tenant, context.CancellationToken);
        var account = await TenantTable.FindAsync(work, context.CancellationToken) ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such account."));
        return new() { TenantId = caller.Tenant.Value.ToString(), Name = account.Name, Tier = account.Tier, TimeZone = account.TimeZone };
    }

    private async Task<AuthenticateReply> ByKeyAsync(string key, CancellationToken ct)
    {
        if (!ApiKey.IsWellFormed(key)) throw UnknownKey();
        await using var work = await db.BeginSystemAsync(ct);
        var holder = await ApiKeyTable.FindAsync(work, ApiKey.Hash(key), ct) ?? throw UnknownKey();
        await ApiKeyTable.TouchAsync(work, holder.Id, clock.GetUtcNow(), ct);
        work.NothingToAudit();
        await work.CommitAsync(ct);
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

    private async Task<AuthenticateReply> BySessionAsync(string token, CancellationToken ct)
    {
        var reply = Reply(await sessions.FindAsync(token, ct) ?? throw Unknown("The session is over."));
        reply.AntiforgeryToken = SessionToken.AntiforgeryOf(token);
        return reply;
    }

    private async Task<AuthenticateReply> ByTokenAsync(string token, CancellationToken ct)
    {
        if (tokens.Verify(token) is not { } session) throw Unknown("The access token is not valid.");
        var found = await sessions.FindAsync(session, ct) ?? throw Unknown("The session of the access token is over.");
        var reply = Reply(found);
        reply.Metered = tiers[found.Tier].ApiCallsPerMonth is not null;
        return reply;
    }

    /// <summary>Nothing of it may be reused: a session ends at once, and its person's role changes at once.</summary>
    private static AuthenticateReply Reply(Session session) => !session.IsActive
        ? throw new RpcException(new(StatusCode.PermissionDenied, "The account is closed."))
        : new()
        {
            TenantId = session.TenantId.ToString(),
            Actor = Roles.ActorOf(session.UserId),
            Role = session.Role,
            Tier = session.Tier,
            Operator = session.Operator,
            CacheSeconds = 0,
        };

    /// <summary>One answer for malformed, unknown and revoked: the caller learns nothing about which.</summary>
    private static RpcException UnknownKey() => Unknown("The API key is not valid.");

    private static RpcException Unknown(string detail) => new(new Status(StatusCode.Unauthenticated, detail));
}
