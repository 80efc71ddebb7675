using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Grpc.Core;

namespace Empire.Analytics.Conversions;

/// <summary>Reads the networks' reports from where they were read last, and takes in what the postbacks did not bring. The same intake books both, so that a sale
/// told twice is one sale.</summary>
public sealed partial class CollectConversions(Database db, NetworkReport report, ConversionIntake intake, Quarantine quarantine, TimeProvider clock, ILogger<CollectConversions> log)
{
    /// <summary>Read again each time: a network may enter a sale late, and its clock is not ours.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <returns>Of the reported conversions, those of <paramref name="tenant"/>; all tenants' are taken in.</returns>
    /// <exception cref="RpcException">Unavailable, naming the networks that did not answer; what the others reported is kept.</exception>
    public async Task<CollectConversionsReply> HandleAsync(TenantId tenant, CancellationToken ct)
    {
        var reply = new CollectConversionsReply();
        List<string> failed = [];
        foreach (var network in Network.All)
        {
            try { await CollectAsync(network, tenant, reply, ct); }
            catch (ProviderException e)
            {
                LogUnreachable(log, network.Name, e);
                failed.Add(network.Name);
            }
        }
        await quarantine.ReleaseAsync(ct);
        if (failed.Count > 0) throw new RpcException(new Status(StatusCode.Unavailable, $"No report from {string.Join(", ", failed)}; the other networks' conversions are in."));
        return reply;
    }

    private async Task CollectAsync(Network network, TenantId tenant, CollectConversionsReply reply, CancellationToken ct)
    {
        var started = clock.GetUtcNow();
        var since = await ReadUntilAsync(network, ct);
        string? cursor = null;
        do
        {
            var page = await report.ReadAsync(network, since - Overlap, cursor, ct);
            foreach (var row in page.Data)
            {
                if (NetworkMessage.Parse(row.GetRawText(), out var errors) is not { } message)
                {
                    LogUnreadable(log, network.Name, string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")));
                    continue;
                }
                var (outcome, owner) = await intake.TakeAsync(network, message, "report", ct);
                if (owner != tenant && !(owner is null && await IsOfAsync(tenant, network, message, ct))) continue;
                reply.Seen++;
                if (outcome is IntakeOutcome.Recorded or IntakeOutcome.Reversed) reply.Recorded++;
            }
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        await KeepReadUntilAsync(network, started, ct); // only now: a report that broke off is read again from the start
    }

    private async Task<bool> IsOfAsync(TenantId tenant, Network network, NetworkMessage message, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        return await work.QuerySingleAsync<bool>(
            "select exists (select from conversions where tenant_id = current_tenant() and network = @Name and network_conversion_id = @ConversionId)", new { network.Name, message.ConversionId }, ct);
    }

    private async Task<DateTimeOffset?> ReadUntilAsync(Network network, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return await work.QuerySingleOrDefaultAsync<DateTimeOffset?>("select read_until from network_watermarks where network = @Name", new { network.Name }, ct);
    }

    private async Task KeepReadUntilAsync(Network network, DateTimeOffset until, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync(
            """
            insert into network_watermarks as kept (network, read_until) values (@Name, @until)
            on conflict (network) do update set read_until = greatest(kept.read_until, excluded.read_until)
            """, new { network.Name, until }, ct);
        await work.CommitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "The report of {Network} cannot be read")]
    private static partial void LogUnreachable(ILogger log, string network, Exception e);

    [LoggerMessage(2, LogLevel.Error, "The report of {Network} has a row that cannot be taken in: {Problems}")]
    private static partial void LogUnreadable(ILogger log, string network, string problems);
}
