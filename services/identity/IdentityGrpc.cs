using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Keys;
using Empire.Identity.Sessions;
using Empire.Identity.Tenants;
using Empire.Identity.Tokens;
using Empire.Identity.Usage;
using Empire.Identity.Vault;
using Empire.Tiers;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Empire.Identity;

/// <summary>Answers the gateway who holds a credential, and the other services what an account is. Mapped without a caller, because <see cref="Authenticate"/> is what
/// makes one; every other method asks for it.</summary>
[AllowAnonymous]
public sealed class IdentityGrpc(Database db, KeyCheck keys, SessionCheck sessions, AccessTokens tokens, CallMeter meter, CredentialOpening credentials, TierTable tiers) : Contracts.V1.Identity.IdentityBase
{
    /// <summary>How long the gateway may reuse an answer, and so how long a revoked key can still be honoured where Redis did not carry the word.</summary>
    public const int CacheSeconds = 10;

    public override Task<AuthenticateReply> Authenticate(AuthenticateRequest request, ServerCallContext context) => request.CredentialCase switch
    {
        AuthenticateRequest.CredentialOneofCase.ApiKey => keys.FindAsync(request.ApiKey, context.CancellationToken),
        AuthenticateRequest.CredentialOneofCase.Session => BySessionAsync(request.Session, context.CancellationToken),
        AuthenticateRequest.CredentialOneofCase.AccessToken => ByTokenAsync(request.AccessToken, context.CancellationToken),
        _ => throw Unknown("There is no credential."),
    };

    public override async Task<Tenant> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        await using var work = await db.BeginAsync(caller.Tenant, context.CancellationToken);
        var account = await TenantTable.FindAsync(work, context.CancellationToken) ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such account."));
        return new() { TenantId = caller.Tenant.Value.ToString(), Name = account.Name, Tier = account.Tier, TimeZone = account.TimeZone, IsActive = account.IsActive };
    }

    public override Task<SpendCallReply> SpendCall(SpendCallRequest request, ServerCallContext context) => meter.SpendAsync(context.Caller(), context.CancellationToken);

    public override Task<ReturnCallReply> ReturnCall(ReturnCallRequest request, ServerCallContext context) => meter.ReturnAsync(context.Caller(), request.Receipt, context.CancellationToken);

    public override async Task<CountCallsReply> CountCalls(CountCallsRequest request, ServerCallContext context)
    {
        if (context.Caller() is not { Role: "service", Actor: "service:gateway" }) throw new RpcException(new(StatusCode.PermissionDenied, "Only the gateway counts calls."));
        await meter.CountAsync(request, context.CancellationToken);
        return new();
    }

    public override Task<OpenCredentialReply> OpenCredential(OpenCredentialRequest request, ServerCallContext context) =>
        credentials.OpenAsync(request, context.Caller(), context.CancellationToken);

    /// <summary>The operator finds every account, but by an address that was only typed at a sign-up none: it would get what is meant for who reads the mail.</summary>
    public override async Task<FindAccountReply> FindAccount(FindAccountRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        await using var work = await db.BeginSystemAsync(context.CancellationToken);
        return await work.QuerySingleOrDefaultAsync<FoundAccount>(
            """
            select t.tenant_id, u.id as user_id, t.name, t.tier from users u join memberships m on m.user_id = u.id join tenants t on t.tenant_id = m.tenant_id
            where u.email = lower(@email) and not m.pending and (m.tenant_id = @tenant or (@everyone and u.email_verified_at is not null)) order by m.tenant_id = @tenant desc, m.created_at limit 1
            """, new { email = request.Email.Trim(), tenant = caller.Tenant, everyone = caller.Operator }, context.CancellationToken) is { } found
            ? new() { TenantId = found.TenantId.ToString(), UserId = found.UserId.ToString(), Name = found.Name, Tier = found.Tier }
            : throw new RpcException(new(StatusCode.NotFound, "There is no such account."));
    }

    public override async Task<GetOperatorReply> GetOperator(GetOperatorRequest request, ServerCallContext context)
    {
        if (context.Caller().Role != "service") throw new RpcException(new(StatusCode.PermissionDenied, "Only services ask who runs this installation."));
        await using var work = await db.BeginSystemAsync(context.CancellationToken);
        return await work.QuerySingleOrDefaultAsync<Guid?>("select tenant_id from tenants where is_operator", ct: context.CancellationToken) is { } id
            ? new() { TenantId = id.ToString() }
            : throw new RpcException(new(StatusCode.NotFound, "Nobody runs this installation yet."));
    }

    public override async Task<GetOwnersReply> GetOwners(GetOwnersRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        if (caller.Role != "service") throw new RpcException(new(StatusCode.PermissionDenied, "Only services ask who owns an account."));
        await using var work = await db.BeginSystemAsync(context.CancellationToken);
        var emails = await work.QueryAsync<string>(
            "select u.email from users u join memberships m on m.user_id = u.id where m.tenant_id = @tenant and m.role = 'owner' and not m.pending order by m.created_at, u.id limit 10", new { tenant = caller.Tenant.Value }, context.CancellationToken);
        return new() { Emails = { emails } };
    }

    private sealed record FoundAccount
    {
        public Guid TenantId { get; init; }
        public Guid UserId { get; init; }
        public string Name { get; init; } = "";
        public string Tier { get; init; } = "";
    }

    private async Task<AuthenticateReply> BySessionAsync(string token, CancellationToken ct)
    {
        var reply = Reply(await sessions.FindAsync(token, ct) ?? throw Unknown("The session is over."));
        reply.AntiforgeryToken = SessionToken.AntiforgeryOf(token);
        return reply;
    }

    private async Task<AuthenticateReply> ByTokenAsync(string token, CancellationToken ct)
    {
        if (tokens.Verify(token) is not { } session) throw tokens.IsOurs(token) ? Over("The access token is over.") : Unknown("The access token is not valid.");
        return Reply(await sessions.FindAsync(session, ct) ?? throw Over("The session of the access token is over."));
    }

    /// <summary>Nothing of it may be reused: a session ends at once, and its person's role changes at once.</summary>
    private AuthenticateReply Reply(Session session) => !session.IsActive
        ? throw new RpcException(new(StatusCode.PermissionDenied, "The account is closed."))
        : new()
        {
            TenantId = session.TenantId.ToString(),
            Actor = Roles.ActorOf(session.UserId),
            Role = session.Role,
            Tier = session.Tier,
            Operator = session.Operator,
            CacheSeconds = 0,
            Metered = tiers[session.Tier].ApiCallsPerMonth is not null, // else a script with a cookie would call without a quota
            AllowedNetworks = { session.AllowedNetworks },
        };

    /// <summary>Ours, and no guess: a program that polls must not shut out the address it stands behind because its token has run out.</summary>
    private static RpcException Over(string detail) => new(new Status(StatusCode.Unauthenticated, detail), new Metadata { { Blameless.Header, "1" } });

    private static RpcException Unknown(string detail) => new(new Status(StatusCode.Unauthenticated, detail));
}
