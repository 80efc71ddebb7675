using Empire.Http;

namespace Empire.Telemetry.Prices;

/// <summary><c>GET /api/v1/telemetry/prices</c>: the list prices that GPUs are priced by whose host names none, each with the day it was read and its source.</summary>
public static class ShowPrices
{
    /// <param name="Gpu">The card's short name: A100-80.</param>
    /// <param name="Gpus">Of one instance.</param>
    /// <param name="Memory">MiB of one GPU.</param>
    /// <param name="OnDemand">US dollars an hour for the whole instance.</param>
    /// <param name="Spot">The same; null where no spot price was read.</param>
    /// <param name="SpotSince">The spot price is not older than this day; null where there is none.</param>
    /// <param name="Source">Letters as in the notes.</param>
    public sealed record Line(string Provider, string Region, string InstanceType, string Gpu, int Gpus, long Memory, decimal OnDemand, decimal? Spot, DateOnly? SpotSince, DateOnly ReadOn, string Source);

    /// <param name="Notes">What stands at the head of the book: what the sources are, and how those that contradict each other were weighed. None where there is no price.</param>
    /// <example>{"notes": ["G = skypilot-catalog, read on 2026-11-21."], "prices": [{"provider": "gcp", "region": "us-central1", "instance_type": "n1-v100", "gpu": "V100", "gpus": 1, "memory": 16384,
    /// "on_demand": 2.48, "spot": 1.2338, "spot_since": "2026-01-22", "read_on": "2026-11-21", "source": "G; spot from skypilot-catalog v9 (G)"}]}</example>
    public sealed record Response(IReadOnlyList<string> Notes, IReadOnlyList<Line> Prices);

    /// <param name="provider">Only of this one.</param>
    /// <param name="region">Only of this one.</param>
    /// <param name="gpu">Only of this card, by its short name.</param>
    internal static Response Handle(string? provider, string? region, string? gpu, Caller caller, PriceBook prices)
    {
        _ = caller; // the book is the same for every account, and shown to nobody without one
        Line[] lines = [.. prices.Lines.Where(line => Is(line.Provider, provider) && Is(line.Region, region) && Is(line.Gpu, gpu)).Select(line => new Line(
            line.Provider, line.Region, line.InstanceType, line.Gpu, line.Gpus, line.MemoryMib, line.OnDemand, line.Spot, line.Spot is null ? null : line.SpotSince, line.ReadOn, line.Source))];
        return new(lines.Length > 0 ? prices.Notes : [], lines);

        static bool Is(string has, string? wanted) => wanted is null || string.Equals(has, wanted, StringComparison.OrdinalIgnoreCase);
    }
}
