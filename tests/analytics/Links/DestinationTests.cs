using Empire.Analytics.Links;

namespace Empire.Analytics.Tests.Links;

public sealed class DestinationTests
{
    [Theory]
    [InlineData("https://shop.example/p/1?a=1#top", "https://shop.example/p/1?a=1#top")]
    [InlineData("http://SHOP.example:8080/p", "http://shop.example:8080/p")]
    [InlineData("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4")]
    [InlineData("https://shop.example", "https://shop.example/")]
    public void A_usable_address_is_kept_in_the_form_of_a_header(string given, string kept)
    {
        Assert.Null(Destination.Check(given, out var normalised));
        Assert.Equal(kept, normalised);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/p/1")]
    [InlineData("shop.example/p")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://shop.example/p")]
    [InlineData("https://user:secret@shop.example/")]
    public void Anything_else_is_refused(string given) => Assert.NotNull(Destination.Check(given, out _));

    [Fact]
    public void An_address_too_long_is_refused() => Assert.NotNull(Destination.Check($"https://shop.example/{new string('a', 2048)}", out _));
}
