using Empire.Telemetry.Carbon;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Tests.Carbon;

public sealed class EmissionsTests
{
    private const decimal Kwh = 3_600_000_000m; // millijoules
    private static readonly CarbonBook Book = new(Options.Create(new CarbonOptions()));

    [Fact]
    public void Each_region_emits_by_its_own_grid_with_year_and_source()
    {
        var emissions = Emissions.Of([("gcp", "us-central1", "{}", 10 * Kwh), ("gcp", "europe-north2", "{}", 10 * Kwh), ("gcp", "us-central1", "{}", 5 * Kwh)], Book);
        Assert.Equal((6.2181m, 25m, 0m), (emissions.Co2eKg, emissions.EnergyKwh, emissions.EnergyKwhWithoutFactor));
        Assert.Equal([("us-central1", 15m, 412.72m, 6.1908m), ("europe-north2", 10m, 2.73m, 0.0273m)], emissions.ByRegion.Select(share => (share.Region, share.EnergyKwh, share.GramsPerKwh!.Value, share.Co2eKg!.Value)));
        Assert.All(emissions.ByRegion, share => Assert.Equal((2024, "G"), (share.Year, share.Source)));
    }

    [Fact]
    public void An_unknown_region_is_said_and_in_no_sum()
    {
        var emissions = Emissions.Of([("aws", "mars-north-1", "{}", 3 * Kwh), ("aws", "eu-north-1", "{}", Kwh), ("", "", "{}", Kwh)], Book);
        Assert.Equal((0.0354m, 5m, 4m), (emissions.Co2eKg, emissions.EnergyKwh, emissions.EnergyKwhWithoutFactor));
        var unknown = emissions.ByRegion[0];
        Assert.Equal((null, null, "No factor is known for mars-north-1 of aws."), (unknown.Co2eKg, unknown.GramsPerKwh, unknown.Note));
        Assert.Null(Emissions.Of([("aws", "mars-north-1", "{}", Kwh)], Book).Co2eKg); // not 0
    }

    [Fact]
    public void Ones_own_machine_is_known_by_its_country_or_its_owners_figure()
    {
        Assert.Equal(0.0415m, Emissions.Of([("", "", """{"country":"fr"}""", Kwh)], Book).Co2eKg);
        var own = Assert.Single(Emissions.Of([("aws", "us-east-1", """{"gco2e_per_kwh":"12.5"}""", 2 * Kwh)], Book).ByRegion); // the owner's word wins
        Assert.Equal((0.025m, null, "the host's label gco2e_per_kwh"), (own.Co2eKg, own.Year, own.Source));
        Assert.Equal("The host's label gco2e_per_kwh must be a number up to 2000, not 'green'.", Assert.Single(Emissions.Of([("", "", """{"gco2e_per_kwh":"green"}""", Kwh)], Book).ByRegion).Note);
    }

    [Fact]
    public async Task A_file_of_ones_own_wins_and_a_bad_line_is_named()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "provider,region,grams_per_kwh,year,source\ngcp,us-central1,1.5,2026,contract\nown,cellar,20,2026,meter\n", TestContext.Current.CancellationToken);
            var book = new CarbonBook(Options.Create(new CarbonOptions { File = path }));
            Assert.Equal((1.5m, 20m), (book.Find("gcp", "us-central1", new Dictionary<string, string>()).Line!.GramsPerKwh, book.Find("own", "cellar", new Dictionary<string, string>()).Line!.GramsPerKwh));
            await File.WriteAllTextAsync(path, "gcp,us-central1,-1,2026,x\n", TestContext.Current.CancellationToken);
            Assert.Contains("line 1", Assert.Throws<InvalidDataException>(() => new CarbonBook(Options.Create(new CarbonOptions { File = path }))).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Every_line_that_comes_with_the_service_has_a_plausible_factor_a_year_and_a_source() =>
        Assert.All(Book.Lines, line => Assert.True(line is { GramsPerKwh: > 0 and < 1_000, Year: >= 2020 and <= 2026, Source.Length: 1 }, $"{line}"));
}
