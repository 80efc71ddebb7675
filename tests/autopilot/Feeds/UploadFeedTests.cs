using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Autopilot.Tests.Feeds;

public sealed class UploadFeedTests(AutopilotApp app) : IClassFixture<AutopilotApp>
{
    [Fact]
    public async Task A_file_with_a_bad_row_is_taken_without_it_and_says_so()
    {
        using var client = NewTenant();
        using var response = await client.PostAsync("/api/v1/autopilot/feeds", Csv("g1,Pan,B,kitchen,9.50,USD,https://s.example/p", "g2,Pot,B,kitchen,free,USD,https://s.example/q"));
        var feed = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((1, 1), (feed.GetProperty("accepted").GetInt32(), feed.GetProperty("rejected").GetInt32()));
        Assert.Equal(3, feed.GetProperty("rejections")[0].GetProperty("line").GetInt32());
        Assert.StartsWith("price:", feed.GetProperty("rejections")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_twice_is_one_feed_and_adds_no_product()
    {
        using var client = NewTenant();
        var first = await AutopilotApp.UploadAsync(client, "h1", "h2");
        var second = await AutopilotApp.UploadAsync(client, "h1", "h2");
        Assert.Equal(first.GetProperty("feed_id").GetString(), second.GetProperty("feed_id").GetString());
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>("/api/v1/autopilot/products")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("not,a,product,feed\n1,2,3,4")]
    [InlineData("id,name,brand,niche,price,currency,url\n,,,,,,")]
    public async Task A_file_that_cannot_be_used_changes_nothing(string file)
    {
        using var client = NewTenant();
        using var response = await client.PostAsync("/api/v1/autopilot/feeds", new StringContent(file));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("UNREADABLE_FEED", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>("/api/v1/autopilot/products")).GetProperty("data").GetArrayLength());
    }

    private static StringContent Csv(params string[] rows) => new($"id,name,brand,niche,price,currency,url\n{string.Join('\n', rows)}");

    private HttpClient NewTenant() => app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
}
