using Empire.Analytics.Clicks;

namespace Empire.Analytics.Tests.Clicks;

public sealed class ClickIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_tells_its_time_and_survives_the_journey_through_a_network()
    {
        var id = ClickId.New(Now.AddTicks(17));

        Assert.Equal(Now, id.OccurredAt);
        Assert.Equal((7, true), (id.Value.Version, id.Value.Variant is >= 8 and <= 11));
        Assert.Matches("^[0-9a-f]{32}$", id.ToSubId());
        foreach (var form in (string[])[id.ToSubId(), id.ToString(), id.Value.ToString(), id.ToSubId().ToUpperInvariant()])
        {
            Assert.True(ClickId.TryParse(form, out var parsed));
            Assert.Equal(id, parsed);
        }
    }

    [Fact]
    public void No_two_are_alike() => Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => ClickId.New(Now)).Distinct().Count());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("theirs-17")]
    [InlineData("pub_0199f3a0b0c07000800000000000abcd")]
    [InlineData("0199f3a0b0c04000800000000000abcd")] // version 4
    [InlineData("ffffffffffff7000800000000000abcd")] // of the year 10889
    public void What_is_none_of_ours_is_none(string? subId) => Assert.False(ClickId.TryParse(subId, out _));
}
