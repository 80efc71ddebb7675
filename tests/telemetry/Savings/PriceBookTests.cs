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
    [InlineData("azure", "", "NVIDIA A100 80GB PCIe", 81_920, 3_670_000)]
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
        Assert.All(Book.Lines, line => Assert.True(line.ReadOn.Year >= 2026 && line.Source.Length > 0 && line.OnDemand > 0 && (line.Spot ?? 0) < line.OnDemand));
}
