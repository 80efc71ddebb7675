using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Sandbox.X;

namespace Empire.Sandbox.Tests.X;

public sealed class PostTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    async Task<JsonObject> GetAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonObject>(path))!;

    [Fact]
    public async Task A_post_is_created_found_listed_and_deleted_in_X_s_own_words()
    {
        using var x = app.Client("account-one");
        using var created = await x.PostAsJsonAsync("/x/2/tweets", new { text = "Hello from the sandbox" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var post = await created.Content.ReadFromJsonAsync<JsonObject>();
        var id = post!["data"]!["id"]!.GetValue<string>();
        var me = await GetAsync(x, "/x/2/users/me?user.fields=public_metrics");
        var timeline = await GetAsync(x, $"/x/2/users/{me["data"]!["id"]}/tweets?tweet.fields=created_at,public_metrics");
        var lookup = await GetAsync(x, $"/x/2/tweets/{id}?post.fields=created_at,author_id");

        Assert.Equal(id, timeline["data"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("Hello from the sandbox", lookup["data"]!["text"]!.GetValue<string>());
        if (Schemas.Load("x-twitter/openapi.json") is { } schemas)
        {
            Assert.Empty(schemas.Faults("CreatePostsResponse", post));
            Assert.Empty(schemas.Faults("GetUsersMeResponse", me));
            Assert.Empty(schemas.Faults("GetUsersPostsResponse", timeline));
            Assert.Empty(schemas.Faults("GetPostsByIdResponse", lookup));
        }
        Assert.True((await x.DeleteFromJsonAsync<JsonObject>($"/x/2/tweets/{id}"))!["data"]!["deleted"]!.GetValue<bool>());
        var gone = await GetAsync(x, $"/x/2/tweets/{id}");
        Assert.Equal("https://api.x.com/2/problems/resource-not-found", gone["errors"]![0]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_same_text_twice_by_one_account_is_forbidden_and_by_another_is_not()
    {
        using var one = app.Client("twice-one");
        using var other = app.Client("twice-other");
        await one.PostAsJsonAsync("/x/2/tweets", new { text = "Said once" });
        using var again = await one.PostAsJsonAsync("/x/2/tweets", new { text = "Said once" });
        using var elsewhere = await other.PostAsJsonAsync("/x/2/tweets", new { text = "Said once" });

        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.Equal("application/problem+json", again.Content.Headers.ContentType?.MediaType);
        Assert.Contains("duplicate", (await again.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
    }

    [Fact]
    public async Task A_timeline_is_paged_newest_first_without_gaps_or_repeats()
    {
        using var x = app.Client("pager");
        for (var i = 0; i < 12; i++) await x.PostAsJsonAsync("/x/2/tweets", new { text = $"Post number {i}" });
        var id = (await GetAsync(x, "/x/2/users/me"))["data"]!["id"]!.GetValue<string>();
        var texts = new List<string>();
        string? token = null;
        do
        {
            var page = await GetAsync(x, $"/x/2/users/{id}/tweets?max_results=5{(token is null ? "" : "&pagination_token=" + token)}");
            texts.AddRange(page["data"]!.AsArray().Select(p => p!["text"]!.GetValue<string>()));
            token = page["meta"]!["next_token"]?.GetValue<string>();
        }
        while (token is not null);
        Assert.Equal(Enumerable.Range(0, 12).Reverse().Select(i => $"Post number {i}"), texts);
    }

    [Fact]
    public async Task The_hundred_and_first_post_within_a_quarter_of_an_hour_is_told_to_wait()
    {
        using var x = app.Client("busy");
        HttpResponseMessage? last = null;
        for (var i = 0; i <= 100; i++) last = await x.PostAsJsonAsync("/x/2/tweets", new { text = $"Busy {i}" });
        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
        Assert.Equal("0", last.Headers.GetValues("x-rate-limit-remaining").Single());
        Assert.Equal("100", last.Headers.GetValues("x-rate-limit-limit").Single());
    }

    [Theory]
    [InlineData("""{"text":""}""", HttpStatusCode.BadRequest)]
    [InlineData("""{}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"text":""", HttpStatusCode.BadRequest)]
    public async Task A_post_without_text_is_an_invalid_request(string body, HttpStatusCode status)
    {
        using var x = app.Client("careless");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await x.PostAsync("/x/2/tweets", content);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("https://api.x.com/2/problems/invalid-request", (await response.Content.ReadFromJsonAsync<JsonObject>())!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_token_X_answers_nothing()
    {
        using var nobody = app.Client(null);
        using var response = await nobody.GetAsync("/x/2/users/me");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("plain text", 10)]
    [InlineData("see https://example.com/a/very/long/path?with=query", 27)]
    [InlineData("日本", 4)]
    [InlineData("ok 👍", 5)]
    public void Length_is_weighted_as_X_weighs_it(string text, int length) => Assert.Equal(length, PostText.WeightedLength(text));

    [Fact]
    public void Engagement_grows_with_age_and_never_shrinks()
    {
        var born = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var post = new Post(1, "7", "A post", born);
        var over = Enumerable.Range(0, 30).Select(h => PostMetrics.Of(post, born.AddHours(h))).ToList();
        Assert.Equal(0, over[0].ImpressionCount);
        Assert.All(over.Zip(over.Skip(1)), pair => Assert.True(pair.Second.ImpressionCount >= pair.First.ImpressionCount && pair.Second.LikeCount >= pair.First.LikeCount));
        Assert.True(over[^1].ImpressionCount > over[^1].LikeCount);
    }
}
