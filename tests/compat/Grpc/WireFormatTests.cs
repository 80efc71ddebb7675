using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Tests;

public sealed class WireFormatTests
{
    [Theory]
    [InlineData(0, "0n")]
    [InlineData(-5, "0n")]
    [InlineData(1, "1u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(TimeSpan.TicksPerMinute * 2, "120000m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(TimeSpan.TicksPerDay * 2000, "2880000M")]
    public void A_timeout_is_written_in_the_finest_unit_that_fits(long ticks, string written) =>
        Assert.Equal(written, GrpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void A_written_timeout_is_never_shorter_and_has_at_most_eight_digits()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var ticks = (long)Math.Pow(2, random.NextDouble() * 61);
            var written = GrpcTimeout.Format(TimeSpan.FromTicks(ticks));
            Assert.InRange(written.Length, 2, 9);
            Assert.True(GrpcTimeout.TryParse(written, out var read));
            Assert.True(read.Ticks >= ticks, written);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-5S")]
    [InlineData("5x")]
    [InlineData("123456789S")]
    public void What_is_no_timeout_is_not_read(string? text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData("plain text!", "plain text!")]
    [InlineData("100 %", "100 %25")]
    [InlineData("grün\n", "gr%C3%BCn%0A")]
    [InlineData("🚀", "%F0%9F%9A%80")]
    public void A_status_message_is_percent_encoded(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("100 %", "100 %")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("50%25ü%C3%BC", "50%üü")]
    public void A_mangled_status_message_is_read_as_well_as_possible(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Theory]
    [InlineData("AAEC", new byte[] { 0, 1, 2 })]
    [InlineData("AAE=", new byte[] { 0, 1 })]
    [InlineData("AAE", new byte[] { 0, 1 })]
    public void Binary_metadata_may_lack_its_padding(string value, byte[] bytes)
    {
        var metadata = new Metadata();
        MetadataWire.Add(metadata, "X-Bin", value);
        Assert.Equal(bytes, metadata.GetValueBytes("x-bin"));
    }

    [Fact]
    public void Binary_metadata_may_be_joined_by_commas()
    {
        var metadata = new Metadata();
        MetadataWire.Add(metadata, "x-bin", "AA==, AQ");
        Assert.Equal([[0], [1]], metadata.Select(entry => entry.ValueBytes));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Only_grpc_is_grpc(string? contentType, bool isGrpc) => Assert.Equal(isGrpc, WireNames.IsContentType(contentType));
}
