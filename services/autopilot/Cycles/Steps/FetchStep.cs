using Empire.Autopilot.Catalogue;
using Empire.Autopilot.Networks;
using Empire.Data;
using Empire.Http;
using Npgsql;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Brings the catalogue up to date from every network that is not switched off. One that fails does not stop the others; with the owner's feed there is nothing to fetch.</summary>
internal sealed partial class FetchStep(Database db, IEnumerable<INetwork> networks, TimeProvider clock, ILogger<FetchStep> log) : ICycleStep
{
    /// <param name="Withdrawn">Known before, and no longer offered.</param>
    /// <param name="Rejected">Rows of the feed that make no product; the first reasons stand in <paramref name="Reasons"/>.</param>
    public sealed record Source(string Network, int Products, int New, int Changed, int Rejected, IReadOnlyList<string> Reasons, string? Error, int Withdrawn = 0);

    public sealed record Evidence(IReadOnlyList<Source> Sources);

    public string Name => "fetch";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        if (cycle.FeedId is not null) return new StepResult.Done(new Evidence([]));
        var sources = await Task.WhenAll(networks.Where(network => !network.Off).Select(network => FetchAsync(network, cycle, ct)));
        if (sources.Length > 0 && sources.All(source => source.Error is not null))
            throw new NeighbourAwayException($"No network could be read: {string.Join("; ", sources.Select(source => source.Error))}");
        return new StepResult.Done(new Evidence(sources));
    }

    private async Task<Source> FetchAsync(INetwork network, CycleContext cycle, CancellationToken ct)
    {
        try
        {
            var feed = await network.FetchAsync(ct);
            await using var work = await db.BeginAsync(cycle.Tenant, ct);
            var upserted = await ProductTable.UpsertAsync(work, network.Name, feed.Products, clock.GetUtcNow(), ct);
            // A row that cannot be read may be any product; where many cannot, it is the feed that is broken.
            var withdrawn = feed.Whole && feed.Rejections.Count * 10 <= feed.Products.Count ? await ProductTable.WithdrawAsync(work, network.Name, feed.Products, clock.GetUtcNow(), ct) : 0;
            await work.CommitAsync(ct);
            return new(network.Name, upserted.Products, upserted.New, upserted.Changed, feed.Rejections.Count,
                [.. feed.Rejections.Take(5).Select(r => $"row {r.Line}: {r.Reason}")], null, withdrawn);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not NpgsqlException { IsTransient: true }) // whatever a network comes up with is that network's alone
        {
            LogNotFetched(log, network.Name, cycle.Id, e);
            return new(network.Name, 0, 0, 0, 0, [], e is ProviderException ? e.Message : $"{network.Name}: {e.Message}");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The catalogue of {Network} was not fetched for cycle {Cycle}; the others are")]
    private static partial void LogNotFetched(ILogger log, string network, Guid cycle, Exception e);
}
