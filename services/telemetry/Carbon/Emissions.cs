using System.Text.Json;

namespace Empire.Telemetry.Carbon;

/// <summary>CO2 of the GPUs' own electricity: measured energy times what the grid of the region emits. Without cooling, the rest of the machine, and its making.</summary>
/// <param name="Co2eKg">Of the energy whose region is known; null where none is.</param>
/// <param name="EnergyKwh">All that was measured.</param>
/// <param name="EnergyKwhWithoutFactor">Of it, that of regions for which nobody knows a factor: it is in no sum of CO2.</param>
public sealed record Emissions(decimal? Co2eKg, decimal EnergyKwh, decimal EnergyKwhWithoutFactor, IReadOnlyList<Emissions.Share> ByRegion)
{
    /// <param name="GramsPerKwh">CO2 equivalent; null where it is not known, and then <paramref name="Note"/> says what is missing.</param>
    /// <param name="Year">Whose mean the factor is; null where the owner gave it.</param>
    public sealed record Share(string Provider, string Region, decimal EnergyKwh, decimal? GramsPerKwh, int? Year, string? Source, decimal? Co2eKg, string? Note);

    private const decimal MjOfKwh = 3_600_000_000m;

    /// <param name="hosts">Energy in millijoules, and the host's labels as JSON.</param>
    internal static Emissions Of(IEnumerable<(string Provider, string Region, string Labels, decimal EnergyMj)> hosts, CarbonBook book)
    {
        var shares = hosts.Where(host => host.EnergyMj > 0).Select(host => (host.Provider, host.Region, host.EnergyMj, Found: book.Find(host.Provider, host.Region, JsonSerializer.Deserialize<Dictionary<string, string>>(host.Labels)!)))
            .GroupBy(host => (host.Provider, host.Region, host.Found))
            .Select(group => ShareOf(group.Key.Provider, group.Key.Region, group.Sum(host => host.EnergyMj) / MjOfKwh, group.Key.Found.Line, group.Key.Found.Note))
            .OrderByDescending(share => share.EnergyKwh).ThenBy(share => share.Region, StringComparer.Ordinal).ToArray();
        var known = shares.Where(share => share.Co2eKg is not null).ToArray();
        return new(
            known.Length == 0 ? null : decimal.Round(known.Sum(share => share.Co2eKg!.Value), 6), decimal.Round(shares.Sum(share => share.EnergyKwh), 6),
            decimal.Round(shares.Where(share => share.Co2eKg is null).Sum(share => share.EnergyKwh), 6), shares);
    }

    private static Share ShareOf(string provider, string region, decimal kwh, GridLine? line, string? note) => new(
        provider, region, decimal.Round(kwh, 6), line?.GramsPerKwh, line is { Year: > 0 } ? line.Year : null, line?.Source, line is null ? null : decimal.Round(kwh * line.GramsPerKwh / 1000, 6), note);
}
