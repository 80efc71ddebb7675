using Empire.Telemetry.Prices;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Tests.Savings;

public sealed class PriceBookTests
{
    private static readonly PriceBook Book = new(Options.Create(new PriceOptions()));

    [Theory]
    [InlineData("aws", "p4d.24xlarge", "NVIDIA A100-SXM4-40GB", 40_960, 2_744_700)]     // 21.9576 / 8
    [InlineData("aws", "", "Tesla V100-SXM2-16GB", 16_384, 3_060_000)]
    [InlineData("gcp", "", "Tesla V100-SXM2-16GB", 16_384, 2_480_000)]
    [InlineData("gcp", "", "NVIDIA A100-SXM4-80GB", 81_920, 5_068_800)]
    [InlineData("azure", "", "NVIDIA A100 80GB PCIe", 81_920, 3_673_000)]
    [InlineData("azure", "Standard_ND96amsr_A100_v4", "NVIDIA A100-SXM4-80GB", 81_920, 4_096_250)] // 32.77 / 8
    [InlineData("aws", "", "NVIDIA A10G", 23_028, 1_006_000)]
    [InlineData("aws", "", "Radeon VII", 16_384, 0)]
    [InlineData("", "", "Tesla V100", 16_384, 0)]
    [InlineData("elsewhere", "p3.2xlarge", "Tesla V100", 16_384, 0)]
    public void A_gpu_costs_what_its_instance_costs_per_gpu(string provider, string type, string gpu, long memory, long micros) =>
        Assert.Equal(micros, Book.Of(provider, "", type, gpu, memory, spot: false, part: false).Micros);

    [Fact]
    public void A_part_of_a_gpu_costs_its_part_of_the_memory() =>
        Assert.Equal(2_744_700 / 4, Book.Of("aws", "", "p4d.24xlarge", "NVIDIA A100-SXM4-40GB MIG 2g.10gb", 10_240, spot: false, part: true).Micros);

    [Fact]
    public void Every_line_says_when_and_where_it_was_read() =>
        Assert.All(Book.Lines, line => Assert.True(line.ReadOn.Year >= 2026 && line.Source.Length > 0 && line.OnDemand > 0 && (line.Spot ?? 0) <= line.OnDemand && line.SpotSince <= line.ReadOn));

    [Fact]
    public void Every_spot_price_names_its_source() =>
        Assert.All(Book.Lines.Where(line => line.Spot is not null), line => Assert.StartsWith("skypilot-catalog v", line.SpotSource, StringComparison.Ordinal));

    [Theory]
    [InlineData("aws", "p5.48xlarge", 55_040_000 / 8)] // the dearest zone had no discount
    [InlineData("aws", "p4d.24xlarge", 13_993_300 / 8)]
    [InlineData("aws", "g4dn.xlarge", 216_000)]
    [InlineData("azure", "NC4as_T4_v3", 62_699)]
    public void A_spot_host_costs_the_spot_price(string provider, string type, long micros) =>
        Assert.InRange(Book.Of(provider, "", type, "any", 0, spot: true, part: false).Micros, micros, micros + 1);

    [Fact]
    public void A_spot_price_says_its_age_and_one_that_is_not_known_that_it_is_not()
    {
        Assert.EndsWith("spot price from skypilot-catalog v9 (G), not older than 2026-01-22", Book.Of("aws", "", "p3.2xlarge", "", 0, spot: true, part: false).Note, StringComparison.Ordinal);
        Assert.EndsWith("on demand: no spot price known", Book.Of("azure", "", "ND96isr_H100_v5", "", 0, spot: true, part: false).Note, StringComparison.Ordinal);
        Assert.DoesNotContain("spot", Book.Of("aws", "", "p3.2xlarge", "", 0, spot: false, part: false).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Ones_own_file_wins_and_a_spot_price_above_on_demand_costs_no_more_than_that()
    {
        var own = OwnBook("aws,us-east-1,p3.2xlarge,V100,1,16384,2.5,2.6,2026-11-01,our contract, by mail");
        var line = Assert.Single(own.Lines, line => line.InstanceType == "p3.2xlarge");
        Assert.Equal((2.6m, new DateOnly(2026, 11, 1), "our contract, by mail"), (line.Spot, line.SpotSince, line.SpotSource));
        Assert.Equal(2_500_000, own.Of("aws", "us-east-1", "p3.2xlarge", "", 0, spot: true, part: false).Micros);
    }

    [Theory]
    [InlineData("aws,us-east-1,p3.2xlarge,V100,1,16384,2.5,cheap,,2026-11-01,own", "line 2: spot, wanted: a price above 0, or nothing.")]
    [InlineData("aws,us-east-1,p3.2xlarge,V100,1,16384,2.5,1,2026-11-02,2026-11-01,own", "line 2: spot_since, wanted: YYYY-MM-DD, not after read_on.")]
    [InlineData("aws,us-east-1,p3.2xlarge,V100,0,16384,2.5,1,,2026-11-01,own", "line 2: gpus, wanted: a number from 1 on.")]
    [InlineData("aws,us-east-1,p3.2xlarge,V100,1,16384,0,1,,2026-11-01,own", "line 2: on_demand, wanted: a price above 0.")]
    [InlineData("aws,us-east-1,p3.2xlarge,V100,1,16384,2.5,1,,November,own", "line 2: read_on, wanted: YYYY-MM-DD.")]
    public void A_wrong_line_is_named_with_its_field(string line, string message) =>
        Assert.EndsWith(message, Assert.Throws<InvalidDataException>(() => OwnBook("provider,region,instance_type,gpu,gpus,memory,on_demand,spot,spot_since,read_on,source", line)).Message, StringComparison.Ordinal);

    internal static PriceBook OwnBook(params string[] lines)
    {
        var file = Path.Combine(Path.GetTempPath(), $"prices-{Guid.CreateVersion7():N}.csv");
        File.WriteAllLines(file, lines);
        try
        {
            return new(Options.Create(new PriceOptions { File = file }));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
