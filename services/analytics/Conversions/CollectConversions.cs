using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Npgsql;

namespace Empire.Analytics.Conversions;

/// <summary>Reads the networks' reports from where they were read last, and takes in what the postbacks did not bring. The same intake books both, so that a sale
/// told twice is one sale.</summary>
public sealed partial class CollectConversions(
    Database db, NetworkReport report, ConversionIntake intake, Quarantine quarantine, UnreadableRows unreadable, TimeProvider clock, ILogger<CollectConversions> log)
{
    /// <summary>Read again each time: a network may enter a sale late, and its clock is not ours.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>For one network's report: one that accepts calls and stays silent must not keep the others from being read, nor outlast who asked.</summary>
    private static readonly TimeSpan PerNetwork = TimeSpan.FromMinutes(3);

    /// <returns>Of the reported conversions, those of <paramref name="tenant"/>; all tenants' are taken in. A network whose report could not be read to its end is named: what it told until
    /// then is kept, and it is read again next time from where the last good reading ended.</returns>
    public async Task<CollectConversionsReply> HandleAsync(TenantId tenant, CancellationToken ct)
    {
        var reply = new CollectConversionsReply();
        foreach (var network in Network.All)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(PerNetwork);
            try { await CollectAsync(network, tenant, reply, limit.Token); }
            catch (ProviderException e) when (e.IsOff) { } // there is no report to be read
            catch (Exception e) when (!ct.IsCancellationRequested && e is not NpgsqlException { IsTransient: true }) // whatever it comes up with, the others are read
            {
                LogUnreachable(log, network.Name, e);
                reply.Incomplete.Add(network.Name);
            }
        }
        await unreadable.RetryAsync(ct);
        await quarantine.ReleaseAsync(ct);
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
                    await unreadable.KeepAsync(network, row.GetRawText(), errors, ct); // before the mark moves past it
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
}
