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
    public async Task Every_refused_row_is_found_where_the_answer_points_page_by_page()
    {
        using var client = NewTenant();
        using var response = await client.PostAsync("/api/v1/autopilot/feeds", Csv(["h1,Pan,B,kitchen,9.50,USD,https://s.example/p", .. Enumerable.Range(0, 130).Select(i => $"bad{i},Pot,B,kitchen,free,USD,https://s.example/q")]));
        Assert.Equal(100, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rejections").GetArrayLength());
        var lines = new List<int>();
        for (string? cursor = ""; cursor is not null;)
        {
            var feed = await client.GetFromJsonAsync<JsonElement>($"{response.Headers.Location}?limit=60{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            Assert.Equal((1, 130), (feed.GetProperty("accepted").GetInt32(), feed.GetProperty("rejected").GetInt32()));
            lines.AddRange(feed.GetProperty("rejections").EnumerateArray().Select(rejection => rejection.GetProperty("line").GetInt32()));
            cursor = feed.GetProperty("next_cursor").GetString();
        }
        Assert.Equal(Enumerable.Range(3, 130), lines);
        using var stranger = NewTenant();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(response.Headers.Location)).StatusCode);
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
