using Empire.Analytics.Links;

namespace Empire.Analytics.Tests.Links;

public sealed class RedirectTargetTests
{
    private const string Parameters = "utm_source=kitchen%20guide&utm_medium=affiliate&utm_campaign=spring%26co&utm_content=pub_00000000000000000000000000000001";

    [Theory]
    [InlineData("https://shop.example/p", $"https://shop.example/p?{Parameters}&subid=c1")]
    [InlineData("https://shop.example/p?", $"https://shop.example/p?{Parameters}&subid=c1")]
    [InlineData("https://shop.example/p?a=1&b=%20x", $"https://shop.example/p?a=1&b=%20x&{Parameters}&subid=c1")]
    [InlineData("https://shop.example/p?a=1#reviews", $"https://shop.example/p?a=1&{Parameters}&subid=c1#reviews")]
    [InlineData("https://shop.example/p#a?b=1", $"https://shop.example/p?{Parameters}&subid=c1#a?b=1")]
    [InlineData("https://shop.example/p?subid=theirs&UTM_Source=x&utm%5Fmedium=y&a", $"https://shop.example/p?a&{Parameters}&subid=c1")]
    public void Our_parameters_join_those_of_the_destination(string destination, string expected) => Assert.Equal(expected, Target(destination).For("c1"));

    [Fact]
    public void Who_only_asks_gets_no_sub_id() => Assert.Equal($"https://shop.example/p?{Parameters}#top", Target("https://shop.example/p#top").WithoutSubId);

    private static RedirectTarget Target(string destination) => new(new()
    {
        Code = "abcdefgh",
        TenantId = new(Guid.Empty),
        LinkKey = "k",
        Destination = destination,
        PublicationId = new Guid("00000000-0000-0000-0000-000000000001"),
        Campaign = "spring&co",
        CreatedAt = default,
    }, "kitchen guide");
}
