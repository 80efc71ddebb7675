using System.Globalization;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Carbon;

/// <summary>Section "Carbon".</summary>
internal sealed class CarbonOptions
{
    /// <summary>A file of the same columns as intensity.csv; its lines win over those that come with the service. Null: none.</summary>
    public string? File { get; init; }
}

/// <summary>What the grid of a region emits.</summary>
/// <param name="Provider">aws, gcp, azure, another word of the owner's, or <c>country</c>: then the region is an ISO 3166 code.</param>
/// <param name="GramsPerKwh">CO2 equivalent, mean of the year.</param>
internal sealed record GridLine(string Provider, string Region, decimal GramsPerKwh, int Year, string Source);

/// <summary>How much CO2 a kilowatt-hour stands for, by region of a cloud or by country, each with its year and source. What is not in it is not guessed.</summary>
internal sealed class CarbonBook
{
    /// <summary>Labels of a host: what its owner knows of its electricity, and where a machine of one's own stands.</summary>
    public const string OwnFactor = "gco2e_per_kwh", Country = "country";

    /// <summary>Grams for each kWh; above it somebody mistook the unit.</summary>
    public const decimal DirtiestGrid = 2_000;
    private readonly Dictionary<(string Provider, string Region), GridLine> lines = [];

    private CarbonBook(Dictionary<(string Provider, string Region), GridLine> lines) => this.lines = lines;

    public CarbonBook(IOptions<CarbonOptions> options)
    {
        using var stream = typeof(CarbonBook).Assembly.GetManifestResourceStream("intensity.csv")!;
        using var reader = new StreamReader(stream);
        Read(reader, "intensity.csv");
        if (options.Value.File is not { } file) return;
        using var given = new StreamReader(file);
        Read(given, file);
    }

    public IReadOnlyCollection<GridLine> Lines => lines.Values;

    /// <returns>Null: there is none.</returns>
    public GridLine? LineOf(string provider, string region) => lines.GetValueOrDefault((provider, region));

    /// <summary>The same book with lines that win over its own.</summary>
    public CarbonBook With(IEnumerable<GridLine> own)
    {
        Dictionary<(string, string), GridLine>? all = null;
        foreach (var line in own) (all ??= new(lines))[(line.Provider, line.Region)] = line;
        return all is null ? this : new(all);
    }

    /// <returns>Null, and why, where nobody knows.</returns>
    public (GridLine? Line, string? Note) Find(string provider, string region, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.TryGetValue(OwnFactor, out var own))
            return decimal.TryParse(own, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var grams) && grams <= DirtiestGrid
                ? (new(provider, region, grams, 0, $"the host's label {OwnFactor}"), null)
                : (null, $"The host's label {OwnFactor} must be a number up to {DirtiestGrid:0}, not '{own}'.");
        if (lines.TryGetValue((provider, region), out var line)) return (line, null);
        if (labels.TryGetValue(Country, out var country))
            return lines.TryGetValue((Country, country.ToUpperInvariant()), out line) ? (line, null) : (null, $"No factor is known for the country {country}.");
        return (null, provider.Length == 0 ? $"The host's label {Country} says where a machine of one's own stands." : $"No factor is known for {(region.Length > 0 ? region : "an unnamed region")} of {provider}.");
    }

    /// <exception cref="InvalidDataException">A line is not as it should be; the message names file and line.</exception>
    private void Read(StreamReader reader, string file)
    {
        var number = 0;
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (text.Length == 0 || text[0] == '#' || text.StartsWith("provider,", StringComparison.Ordinal)) continue;
            if (text.Split(',', 5) is not [var provider, var region, var grams, var year, var source] || !decimal.TryParse(grams, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
                || factor > DirtiestGrid || !int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var of))
                throw new InvalidDataException($"{file}, line {number}: wanted: provider,region,grams_per_kwh,year,source.");
            lines[(provider, region)] = new(provider, region, factor, of, source);
        }
    }
}
