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
    private const int MostLines = 1000;

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

    /// <summary>Adds what the gateway let through unasked. A batch that is sent again, as its answer was lost, adds nothing.</summary>
    /// <exception cref="RpcException">InvalidArgument: no batch of the form that is promised.</exception>
    public async Task CountAsync(CountCallsRequest request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Batch, out var batch) || request.Calls.Count > MostLines) throw Invalid($"batch: wanted: a UUID and at most {MostLines} lines.");
        var lines = request.Calls.Select(line => Guid.TryParse(line.TenantId, out var tenant) && line is { Year: >= 2000 and <= 9000, Month: >= 1 and <= 12, Calls: > 0 }
            ? (Tenant: tenant, Month: new DateOnly(line.Year, line.Month, 1), line.Calls) : throw Invalid("calls: wanted: an account, a month and more than none of each."));
        await using var work = await db.BeginSystemAsync(ct);
        await ApiUsageTable.AddAsync(work, batch, [.. lines], clock.GetUtcNow(), ct);
        work.NothingToAudit();
        await work.CommitAsync(ct);
    }

    private static RpcException Invalid(string detail) => new(new(StatusCode.InvalidArgument, detail));

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
