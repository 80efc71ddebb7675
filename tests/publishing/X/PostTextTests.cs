using System.Text;
using Empire.Publishing.X;

namespace Empire.Publishing.Tests.X;

public sealed class PostTextTests
{
    private const string Link = "https://good.example/a/very/long/address/that/would/not/fit/otherwise/r/k7Qm2x";

    [Fact]
    public void The_disclosure_comes_first_then_text_link_and_the_hashtags_that_fit()
    {
        var text = PostText.Compose(new() { Text = "A grinder fixes more than a brewer.", Hashtags = ["coffee", "#HomeBarista", "coffee"] }, Link);
        Assert.Equal($"#ad A grinder fixes more than a brewer.\n\n{Link} #coffee #HomeBarista", text);
    }

    [Theory]
    [InlineData("word ", 200)]
    [InlineData("コーヒー", 100)]
    [InlineData("☕️ cup ", 90)]
    [InlineData("x", 600)]
    [InlineData("see acme.com and ", 40)]
    public void Any_text_fits_in_280_and_keeps_disclosure_and_link_whole(string part, int times)
    {
        var text = PostText.Compose(new() { Text = new StringBuilder().Insert(0, part, times).ToString(), Hashtags = ["tag"] }, Link);
        Assert.True(PostText.WeightedLength(text) <= PostText.MaxLength, $"{PostText.WeightedLength(text)}");
        Assert.StartsWith("#ad ", text, StringComparison.Ordinal);
        Assert.Contains($"\n\n{Link}", text, StringComparison.Ordinal);
        Assert.Contains("…", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", 5)]
    [InlineData("https://a.example/1234567890123456789012345678901234567890", 23)]
    [InlineData("ÄÖ–’", 4)]
    [InlineData("日本", 4)]
    [InlineData("at acme.com.", 27)]
    [InlineData("e.g. this", 9)]
    public void Lengths_are_weighted_as_x_counts_them(string text, int expected) => Assert.Equal(expected, PostText.WeightedLength(text));

    [Fact]
    public void A_post_that_sells_nothing_carries_no_disclosure() => Assert.Equal("Hello. #a", PostText.Compose(new() { Text = "Hello.", Hashtags = ["a"] }, null));

    [Fact]
    public void A_writers_own_disclosure_is_not_doubled() => Assert.Equal($"#ad Text.\n\n{Link}", PostText.Compose(new() { Text = "Text. #ad", Hashtags = ["ad"] }, Link));
}
