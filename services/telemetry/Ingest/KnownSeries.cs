using Empire.Telemetry.Prices;
using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Ingest;

/// <summary>A series that is in the database, and the last list price that was looked up for it.</summary>
internal sealed class KnownSeries(long id)
{
    private Listed? listed;

    public long Id => id;

    /// <summary>Gives samples whose host did not name a price that of the list.</summary>
    public void Price(GpuBlock block, SeriesKey key, HostProfile host, PriceBook prices)
    {
        var rates = block.ColumnFor(Metric.Rate);
        var memory = block.ColumnFor(Metric.MemTotal);
        for (var i = 0; i < rates.Length; i++)
        {
            if (rates[i] != Metrics.Unknown) continue;
            if (listed is not { } known || known.Memory != memory[i] || known.Host != host)
                listed = known = new(host, memory[i], prices.Of(host.Provider, host.Region, host.InstanceType, key.GpuName, memory[i], host.Spot, key.MigInstance >= 0).Micros);
            rates[i] = known.Micros;
        }
    }

    /// <summary>The last list price that was looked up.</summary>
    private sealed record Listed(HostProfile Host, long Memory, long Micros);
}
