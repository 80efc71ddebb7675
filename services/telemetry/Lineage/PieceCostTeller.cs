using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Empire.Configuration;
using Empire.Contracts;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Lineage;

/// <summary>Section "Lineage".</summary>
internal sealed class LineageOptions
{
    /// <summary>Without anything new of a piece for this long, its cost is told.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan TellAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest that a cost waits while work on its piece goes on.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan TellWithin { get; init; } = TimeSpan.FromHours(1);

    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")] public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Tells the books what GPUs cost that worked for a piece of content, in dollars and joules: each time what has come since the last. The sums of all that was told are the
/// piece's whole millionths and joules; what is left below one of them waits for more.</summary>
internal sealed partial class PieceCostTeller(Database db, IOptions<LineageOptions> options, TimeProvider clock, ILogger<PieceCostTeller> log) : BackgroundService
{
    private const long MsOfHour = 3_600_000;
    private const int AtOnce = 100;

    /// <returns>How many pieces were looked at; as many as one turn takes when there may be more.</returns>
    public async Task<int> TellAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var due = await work.QueryAsync<Untold>(
            """
            select tenant_id, piece_id, ms, cost_micro_ms, energy_mj, told_micros, told_joules, changed_at from piece_costs
            where untold_since is not null and (changed_at <= @quietSince or untold_since <= @waitedSince)
            order by untold_since limit @AtOnce for update skip locked
            """, new { quietSince = (work.Now - options.Value.TellAfter).UtcDateTime, waitedSince = (work.Now - options.Value.TellWithin).UtcDateTime, AtOnce }, ct);
        foreach (var ofTenant in due.GroupBy(piece => piece.TenantId))
        {
            await work.ActForAsync(new(ofTenant.Key), ct);
            foreach (var piece in ofTenant)
            {
                var (micros, joules) = (piece.CostMicroMs / MsOfHour - piece.ToldMicros, piece.EnergyMj / 1000 - piece.ToldJoules);
                if (micros > 0 || joules > 0) work.Publish(piece.ToCost(Guid.CreateVersion7(work.Now), micros, joules));
            }
            await work.ExecuteAsync(
                "update piece_costs set told_micros = cost_micro_ms / @MsOfHour, told_joules = energy_mj / 1000, untold_since = null where tenant_id = current_tenant() and piece_id = any(@pieces)",
                new { MsOfHour, pieces = ofTenant.Select(piece => piece.PieceId).ToArray() }, ct);
        }
        await work.CommitAsync(ct);
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TellAsync(stoppingToken) == AtOnce) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Telling what GPUs cost for pieces failed; it waits for the next turn")]
    private static partial void LogFailed(ILogger log, Exception e);

    private sealed record Untold
    {
        public Guid TenantId { get; init; }
        public Guid PieceId { get; init; }
        public long Ms { get; init; }
        public long CostMicroMs { get; init; }
        public long EnergyMj { get; init; }
        public long ToldMicros { get; init; }
        public long ToldJoules { get; init; }
        public DateTimeOffset ChangedAt { get; init; }

        public CostIncurred ToCost(Guid id, long micros, long joules) => new()
        {
            TenantId = TenantId, CostId = id, Category = "gpu", Micros = micros, Currency = Currency.Usd.Code, PieceId = PieceId, EnergyJoules = joules, Test = false, OccurredAt = ChangedAt,
            Description = string.Create(CultureInfo.InvariantCulture, $"GPU time of this piece: {(decimal)Ms / MsOfHour:0.####} h in all, {joules} J since last told"),
        };
    }
}

internal static class LineageExtensions
{
    public static void AddLineage(this WebApplicationBuilder builder)
    {
        builder.AddSettings<LineageOptions>("Lineage");
        builder.Services.AddSingleton<PieceCostTeller>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PieceCostTeller>());
    }
}
