using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Prices;

/// <summary>Section "Prices".</summary>
internal sealed class PriceOptions
{
    /// <summary>A file of the same columns as prices.csv; its rows win over those that come with the service. Null: none.</summary>
    public string? File { get; init; }

    /// <summary>Lowest memory a smaller GPU must have, as a multiple of the most that was used.</summary>
    [Range(1.0, 10.0)] public decimal MemoryHeadroom { get; init; } = 1.2m;
}

/// <summary>One line of the price book: an instance and what it costs.</summary>
/// <param name="Gpu">The card's short name: A100-80.</param>
/// <param name="MemoryMib">Of one GPU.</param>
/// <param name="OnDemand">US dollars an hour for the whole instance.</param>
/// <param name="Spot">The same as it was last read; null where it was not.</param>
/// <param name="ReadOn">When the price was read.</param>
internal sealed record PriceLine(string Provider, string Region, string InstanceType, string Gpu, int Gpus, long MemoryMib, decimal OnDemand, decimal? Spot, DateOnly ReadOn, string Source)
{
    public long PerGpuMicros(bool spot) => (long)decimal.Round((spot ? Spot ?? OnDemand : OnDemand) * Money.MicrosPerUnit / Gpus, MidpointRounding.ToEven);
}

/// <summary>What a GPU costs in an hour where the host did not say.</summary>
/// <param name="Micros">US dollars in millionths; 0 where nobody knows.</param>
/// <param name="Note">Where the figure is from, or why there is none.</param>
internal readonly record struct Price(long Micros, string Note);

/// <summary>List prices of the clouds, each with the day it was read and its source. By instance type where that is known, else by the card's name within the provider: the cheapest
/// per GPU counts, so that savings are never overstated.</summary>
internal sealed class PriceBook
{
    private readonly IReadOnlyList<PriceLine> lines;

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
        return new(micros, $"{found.Provider} {found.InstanceType} {found.Region}, read on {found.ReadOn:yyyy-MM-dd}{(spot && found.Spot is null ? ", on demand: no spot price known" : "")}");
    }

    public PriceLine? Find(string provider, string region, string instanceType, string gpuName, long memoryMib)
    {
        var ofProvider = lines.Where(line => line.Provider == provider).ToArray();
        var byType = ofProvider.Where(line => string.Equals(line.InstanceType, instanceType, StringComparison.OrdinalIgnoreCase)).ToArray();
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
        lines.Where(line => line.Region == region).MinBy(line => line.PerGpuMicros(false)) ?? lines.MinBy(line => line.PerGpuMicros(false));

    /// <exception cref="InvalidDataException">A line is not as it should be; the message names file and line.</exception>
    private static List<PriceLine> Parse(StreamReader reader, string file)
    {
        var (found, number) = (new List<PriceLine>(), 0);
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (text.Length == 0 || text[0] == '#' || text.StartsWith("provider,", StringComparison.Ordinal)) continue;
            var cells = text.Split(',', 10);
            if (cells.Length != 10 || !int.TryParse(cells[4], out var gpus) || gpus < 1 || !long.TryParse(cells[5], out var memory) || !Decimal(cells[6], out var onDemand)
                || !DateOnly.TryParseExact(cells[8], "yyyy-MM-dd", out var readOn) || (cells[7].Length > 0 && !Decimal(cells[7], out _)))
                throw new InvalidDataException($"{file}, line {number}: wanted: provider,region,instance_type,gpu,gpus,memory,on_demand,spot,read_on,source.");
            found.Add(new(cells[0], cells[1], cells[2], cells[3], gpus, memory, onDemand, Decimal(cells[7], out var spot) ? spot : null, readOn, cells[9]));
        }
        return found;

        static bool Decimal(string text, out decimal value) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > 0;
    }
}
