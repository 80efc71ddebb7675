using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Tiers;
using Grpc.Core;

namespace Empire.Payments.Upgrades;

/// <summary>Whose account an address is, and who runs this installation; identity knows.</summary>
public sealed class AccountDirectory(Identity.IdentityClient identity, ServiceCalls calls, Database db)
{
    /// <summary>The account of a person: one of the caller's own account, or anybody's where the operator asks.</summary>
    /// <returns>Null where there is none that the caller may know of.</returns>
    public async Task<FindAccountReply?> FindAsync(Caller caller, string email, CancellationToken ct)
    {
        try { return await identity.FindAccountAsync(new() { Email = email }, calls.For(caller, ct)); }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound) { return null; }
    }

    /// <summary>The account that is paid for tiers; asked for once and kept.</summary>
    /// <exception cref="RpcException">Identity cannot be asked, or has no operator yet.</exception>
    /// <param name="tenant">On whose behalf identity is asked.</param>
    public async Task<TenantId> OperatorAsync(TenantId tenant, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (await KnownOperator.FindAsync(work, ct) is { } known) return known;
        var told = Guid.Parse((await identity.GetOperatorAsync(new(), calls.For(tenant, ct))).TenantId);
        work.NothingToAudit();
        await work.ExecuteAsync("insert into operator_account (account_id) values (@told) on conflict do nothing", new { told }, ct);
        await work.CommitAsync(ct);
        return new(told);
    }
}
