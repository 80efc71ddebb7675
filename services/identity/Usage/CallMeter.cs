using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Tenants;
using Empire.Tiers;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Empire.Identity.Usage;

/// <summary>The monthly quota of metered calls, asked by the gateway before each.</summary>
public sealed class CallMeter(Database db, TierTable tiers, TimeProvider clock)
{
    /// <exception cref="RpcException">ResourceExhausted: the month is used up. NotFound: there is no such account.</exception>
    public async Task<SpendCallReply> SpendAsync(Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var resets = ApiUsageTable.EndOf(ApiUsageTable.MonthOf(now));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        // Not the caller's tier, which the gateway may have kept for a while: an upgrade lifts the limit with the next call.
        var account = await TenantTable.FindAsync(work, ct) ?? throw new RpcException(new(StatusCode.NotFound, "There is no such account."));
        var limit = tiers[account.Tier].ApiCallsPerMonth;
        var receipt = Guid.CreateVersion7(now);
        var used = await ApiUsageTable.SpendAsync(work, receipt, limit, now, ct)
            ?? throw new RpcException(new(StatusCode.ResourceExhausted, $"The tier {account.Tier} allows {limit} API calls a month; they are used up until {resets:yyyy-MM-dd}. Upgrade for more."));
        work.NothingToAudit();
        await work.CommitAsync(ct);
        return new() { Receipt = receipt.ToString(), Used = used, Limit = limit ?? 0, ResetsAt = resets.ToTimestamp() };
    }

    /// <exception cref="RpcException">InvalidArgument: no receipt of ours.</exception>
    public async Task<ReturnCallReply> ReturnAsync(Caller caller, string receipt, CancellationToken ct)
    {
        if (!Guid.TryParse(receipt, out var id)) throw new RpcException(new(StatusCode.InvalidArgument, "receipt: wanted: what SpendCall answered."));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await ApiUsageTable.ReturnAsync(work, id, ct);
        work.NothingToAudit();
        await work.CommitAsync(ct);
        return new();
    }
}
