using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Prices;

/// <summary>Section "Prices".</summary>
internal sealed class PriceOptions
{
    /// <summary>A file of the same columns as prices.csv (spot_since may be left out: then read_on stands for it); its rows win over those that come with the service. Null: none.</summary>
    public string? File { get; init; }

    /// <summary>Lowest memory a smaller GPU must have, as a multiple of the most that was used.</summary>
    [Range(1.0, 10.0)] public decimal MemoryHeadroom { get; init; } = 1.2m;

    /// <summary>How old a spot price may be, in days, to promise savings by it. Older ones still price hosts that say they are spot.</summary>
    [Range(1, 3650)] public int SpotDays { get; init; } = 365;
}

/// <summary>One line of the price book: an instance and what it costs.</summary>
/// <param name="Gpu">The card's short name: A100-80.</param>
/// <param name="MemoryMib">Of one GPU.</param>
/// <param name="OnDemand">US dollars an hour for the whole instance.</param>
/// <param name="Spot">The same as it was last read; null where it was not. May be as high as on demand, or higher: then there is nothing to save.</param>
/// <param name="SpotSince">The spot price is not older than this day; may be long before it was read.</param>
/// <param name="ReadOn">When the prices were read.</param>
internal sealed record PriceLine(string Provider, string Region, string InstanceType, string Gpu, int Gpus, long MemoryMib, decimal OnDemand, decimal? Spot, DateOnly SpotSince, DateOnly ReadOn, string Source)
{
    private const string OfSpot = "; spot from ";

    /// <summary>Where the spot price is from.</summary>
    public string SpotSource => Source.IndexOf(OfSpot, StringComparison.Ordinal) is >= 0 and var at ? Source[(at + OfSpot.Length)..] : Source;

    /// <param name="spot">Never more than on demand: that is the most a spot instance pays unless its owner bids higher.</param>
    public long PerGpuMicros(bool spot) => (long)decimal.Round((spot ? Math.Min(Spot ?? OnDemand, OnDemand) : OnDemand) * Money.MicrosPerUnit / Gpus, MidpointRounding.ToEven);
}

/// <summary>What a GPU costs in an hour where the host did not say.</summary>
/// <param name="Micros">US dollars in millionths; 0 where nobody knows.</param>
/// <param name="Note">Where the figure is from, or why there is none.</param>
/// <param name="Line">What it was taken from; null: nothing was found.</param>
/// <param name="AnotherRegion">The host says its region, and the book has none for it: the price of another one stands for it.</param>
internal readonly record struct Price(long Micros, string Note, PriceLine? Line = null, bool AnotherRegion = false);

/// <summary>List prices of the clouds, each with the day it was read and its source. By instance type where that is known, else by the card's name within the provider: the cheapest
/// per GPU counts, so that savings are never overstated.</summary>
internal sealed class PriceBook
{
    /// <summary>Azure's machines say it before their size; its price lists often do not.</summary>
    private const string AzureTier = "Standard_";

    private readonly IReadOnlyList<PriceLine> lines;
    private readonly List<string> notes = [];

    public PriceBook(IOptions<PriceOptions> options)
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("prices.csv")!;
        using var reader = new StreamReader(stream);
        var own = Parse(reader, "prices.csv");
        if (options.Value.File is not { } file)
        {
            lines = own;
            return;
        }
        using var given = new StreamReader(file);
        var theirs = Parse(given, file);
        lines = [.. theirs, .. own.Where(line => !theirs.Any(other => other.Provider == line.Provider && other.Region == line.Region && other.InstanceType == line.InstanceType))];
    }

    public IReadOnlyList<PriceLine> Lines => lines;

    /// <summary>The comments of the files: what their sources are.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <param name="provider">As the agent wrote it; empty matches nothing: one's own machine has no list price.</param>
    /// <param name="gpuName">As the driver writes it: Tesla V100-SXM2-16GB.</param>
    /// <param name="memoryMib">Of this sample's GPU or instance: tells an A100 of 40 GB from one of 80, and a part of a GPU from a whole one.</param>
    /// <param name="part">The sample is of a MIG instance: it costs its share of the memory.</param>
    public Price Of(string provider, string region, string instanceType, string gpuName, long memoryMib, bool spot, bool part)
    {
        var name = provider.Trim().ToLowerInvariant();
        var found = Find(name, region, instanceType, gpuName, part ? 0 : memoryMib);
        if (found is null) return new(0, name.Length == 0 ? "no provider given, so no list price" : $"no price known for {gpuName} at {name}");
        var micros = found.PerGpuMicros(spot);
        if (part && memoryMib < found.MemoryMib) micros = (long)((Int128)micros * memoryMib / found.MemoryMib);
        var ofSpot = !spot ? "" : found.Spot is null ? ", on demand: no spot price known" : $", spot price from {found.SpotSource}, not older than {found.SpotSince:yyyy-MM-dd}";
        var elsewhere = region.Length > 0 && !string.Equals(found.Region, region, StringComparison.OrdinalIgnoreCase);
        var ofRegion = elsewhere ? $" (no price is known for {region})" : region.Length == 0 ? " (the host does not say its region)" : "";
        return new(micros, $"{found.Provider} {found.InstanceType} {found.Region}{ofRegion}, read on {found.ReadOn:yyyy-MM-dd}{ofSpot}", found, elsewhere);
    }

    public PriceLine? Find(string provider, string region, string instanceType, string gpuName, long memoryMib)
    {
        var ofProvider = lines.Where(line => line.Provider == provider).ToArray();
        var type = instanceType.StartsWith(AzureTier, StringComparison.OrdinalIgnoreCase) ? instanceType[AzureTier.Length..] : instanceType;
        var byType = ofProvider.Where(line => string.Equals(line.InstanceType, type, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (byType.Length > 0) return InRegion(byType, region);
        var card = CardOf(gpuName, memoryMib);
        return card is null ? null : InRegion([.. ofProvider.Where(line => line.Gpu == card || (card == "A100" && line.Gpu.StartsWith("A100", StringComparison.Ordinal)))], region);
    }

    /// <summary>The book's name of a card.</summary>
    /// <returns>Null: none of the book's.</returns>
    public static string? CardOf(string gpuName, long memoryMib)
    {
        var words = gpuName.ToUpperInvariant().Split([' ', '-', '_', '/'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            switch (word)
            {
                case "A100":
                    if (words.Any(w => w is "80GB")) return "A100-80";
                    if (words.Any(w => w is "40GB")) return "A100-40";
                    return memoryMib switch { > 45_000 => "A100-80", > 0 => "A100-40", _ => "A100" };
                case "H100" or "H200" or "B200" or "L40S" or "L4" or "A10G" or "T4" or "V100":
                    return word;
            }
        }
        return null;
    }

    private static PriceLine? InRegion(IReadOnlyList<PriceLine> lines, string region) =>
        lines.Where(line => string.Equals(line.Region, region, StringComparison.OrdinalIgnoreCase)).MinBy(line => line.PerGpuMicros(false)) ?? lines.MinBy(line => line.PerGpuMicros(false));

    /// <exception cref="InvalidDataException">A line is not as it should be; the message names file and line.</exception>
    private List<PriceLine> Parse(StreamReader reader, string file)
    {
        var (found, number, dated) = (new List<PriceLine>(), 0, 0);
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (text.StartsWith('#')) notes.Add(text[1..].Trim());
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.StartsWith("provider,", StringComparison.Ordinal))
            {
                dated = text.Contains(",spot_since,", StringComparison.Ordinal) ? 1 : 0;
                continue;
            }
            var cells = text.Split(',', 10 + dated);
            if (cells.Length != 10 + dated) throw Wrong($"wanted: provider,region,instance_type,gpu,gpus,memory,on_demand,spot,{(dated > 0 ? "spot_since," : "")}read_on,source");
            if (!int.TryParse(cells[4], CultureInfo.InvariantCulture, out var gpus) || gpus < 1) throw Wrong("gpus, wanted: a number from 1 on");
            if (!long.TryParse(cells[5], CultureInfo.InvariantCulture, out var memory) || memory < 1) throw Wrong("memory, wanted: MiB");
            if (!Decimal(cells[6], out var onDemand)) throw Wrong("on_demand, wanted: a price above 0");
            var spot = cells[7].Length == 0 ? (decimal?)null : Decimal(cells[7], out var read) ? read : throw Wrong("spot, wanted: a price above 0, or nothing");
            if (!Day(cells[8 + dated], out var readOn)) throw Wrong("read_on, wanted: YYYY-MM-DD");
            var since = readOn;
            if (dated > 0 && cells[8].Length > 0 && (!Day(cells[8], out since) || since > readOn)) throw Wrong("spot_since, wanted: YYYY-MM-DD, not after read_on");
            found.Add(new(cells[0], cells[1], cells[2], cells[3], gpus, memory, onDemand, spot, since, readOn, cells[9 + dated]));
        }
        return found;

        InvalidDataException Wrong(string what) => new($"{file}, line {number}: {what}.");
        static bool Day(string text, out DateOnly value) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
        static bool Decimal(string text, out decimal value) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > 0;
    }
}
