using Empire.Contracts.V1;

namespace Empire.GpuAgent.Spooling;

/// <summary>Readings of one GPU and its MIG instances, one after the other, in which nothing changed that decides who pays what: the same instances, jobs and prices, the same counters, and no gap. Its means therefore
/// cost, and use, what the readings did.</summary>
internal sealed class Stretch
{
    private readonly List<(List<Sample> Samples, List<long> Ms)> series;

    public Stretch(IReadOnlyList<(Sample Sample, long Ms)> reading) => series = [.. reading.Select(part => (new List<Sample> { part.Sample }, new List<long> { part.Ms }))];

    public int GpuIndex => series[0].Samples[0].GpuIndex;

    /// <summary>The samples of each series, with the milliseconds that each stands for.</summary>
    public IReadOnlyList<(List<Sample> Samples, List<long> Ms)> Series => series;

    /// <summary>Whether the next reading of the same GPU goes on with it.</summary>
    public bool GoesOnWith(IReadOnlyList<(Sample Sample, long Ms)> reading) =>
        reading.Count == series.Count && !reading.Where((part, i) => Differs(series[i].Samples[^1], part.Sample)).Any();

    public void Add(IReadOnlyList<(Sample Sample, long Ms)> reading)
    {
        for (var i = 0; i < series.Count; i++)
        {
            series[i].Samples.Add(reading[i].Sample);
            series[i].Ms.Add(reading[i].Ms);
        }
    }

    private static bool Differs(Sample before, Sample now) =>
        Spans.SeriesOf(before) != Spans.SeriesOf(now) || before.JobId != now.JobId || !Equals(before.CostPerHour, now.CostPerHour) || before.MigEnabled != now.MigEnabled || before.MemTotal != now.MemTotal
        || before.HasPower != now.HasPower || before.HasEnergy != now.HasEnergy || now.Energy < before.Energy;
}
