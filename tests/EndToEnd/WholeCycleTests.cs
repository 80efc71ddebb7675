using System.Net;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>The whole way round, through the gateway: a feed, a cycle, a page, a click, a sale, a figure.</summary>
[Collection(InstallationCollection.Name)]
public sealed class WholeCycleTests(Installation empire)
{
    private const decimal PostWithLink = 0.200000m;   // what X charges for a post with an address, in the price table of publishing
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";

    [Fact]
    public async Task The_return_of_a_product_equals_hand_arithmetic_to_the_micro()
    {
        using var shop = new Shop(empire.Sandbox);
        using var client = await empire.NewTenantAsync("hand arithmetic");
        var cycle = await client.RunCycleAsync(await shop.FeedAsync(0, 6));
        Assert.Equal(7, cycle.GetProperty("summary").GetProperty("pieces_published").GetInt32());   // 3 posts, 1 recipe at most, 3 on X

        var post = (await client.GetAllAsync("/api/v1/publications?channel=blog")).First(p => p.GetProperty("kind").GetString() == "blog_post");
        var product = PublicId.Parse("prod", post.GetProperty("product_id").GetString()!);
        var landing = await FollowAsync(empire, await FirstTrackedLinkAsync(empire, post));
        var commission = await shop.BuyAsync(landing);

        JsonElement row = default;
        await Eventually.TrueAsync(async () =>
        {
            row = (await client.GetJsonAsync("/api/v1/analytics/roi?by=product")).GetProperty("rows").EnumerateArray()
                .Single(r => Guid.Parse(r.GetProperty("value").GetString()!) == product);
            return row.GetProperty("revenue").GetDecimal() > 0;
        });
        var pieces = (await client.GetAllAsync("/api/v1/content/pieces")).Where(p => p.GetProperty("product_id").GetGuid() == product).ToList();
        var posts = (await client.GetAllAsync("/api/v1/publications?channel=x")).Count(p => PublicId.Parse("prod", p.GetProperty("product_id").GetString()!) == product);
        var cost = pieces.Sum(p => p.GetProperty("cost").GetDecimal()) + (posts * PostWithLink);

        Assert.Equal(commission, row.GetProperty("revenue").GetDecimal());
        Assert.Equal(cost, row.GetProperty("cost").GetDecimal());
        Assert.Equal(decimal.Round((commission - cost) / cost * 100, 2), row.GetProperty("roi_percent").GetDecimal());
        Assert.Equal((1, 1), (row.GetProperty("clicks").GetInt32(), row.GetProperty("conversions").GetInt32()));

        await Eventually.EqualAsync(1, async () => (await client.GetAllAsync($"{TransactionTests.Transactions}?source=affiliate")).Count);
        var earned = (await client.GetAllAsync($"{TransactionTests.Transactions}?source=affiliate"))[0];
        Assert.Equal((commission, "pending"), (earned.GetProperty("amount").GetDecimal(), earned.GetProperty("status").GetString()));
        await TransactionTests.ToPaidAsync(client, earned.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_cycle_of_the_networks_fetches_from_both_and_ends_in_public_pages()
    {
        using var client = await empire.NewTenantAsync("networks");
        var started = await client.PostJsonAsync("/api/v1/autopilot/cycles", System.Net.Http.Json.JsonContent.Create(new { }));
        var cycle = await client.EndOfCycleAsync(started.GetProperty("cycle_id").GetString()!);
        var sources = cycle.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("name").GetString() == "fetch").GetProperty("evidence").GetProperty("sources").EnumerateArray().ToList();
        Assert.Equal(["harbor", "meadow"], sources.Select(source => source.GetProperty("network").GetString()).Order());
        Assert.All(sources, source => Assert.True(source.GetProperty("new").GetInt32() > 100 && source.GetProperty("error").ValueKind == JsonValueKind.Null, source.ToString()));
        var published = await client.GetAllAsync("/api/v1/publications?channel=blog");
        Assert.Equal(3, published.Count(one => one.GetProperty("kind").GetString() == "blog_post"));
        Assert.StartsWith("/r/", await FirstTrackedLinkAsync(empire, published.First(one => one.GetProperty("kind").GetString() == "blog_post")), StringComparison.Ordinal);
        Assert.Equal(cycle.GetProperty("summary").GetProperty("pieces_generated").GetInt32(), (await client.GetAllAsync($"/api/v1/autopilot/cycles/{started.GetProperty("cycle_id").GetString()}/pieces")).Count);
    }

    [Fact]
    public async Task A_second_cycle_of_the_day_neither_publishes_nor_pays_again()
    {
        using var shop = new Shop(empire.Sandbox);
        using var client = await empire.NewTenantAsync("twice a day");
        var feed = await shop.FeedAsync(10, 6);
        await client.RunCycleAsync(feed);
        var before = await StateAsync();
        await client.RunCycleAsync(feed);
        Assert.Equal(before, await StateAsync());

        async Task<(int Pieces, int Publications, int Posts, decimal Cost)> StateAsync() => (
            (await client.GetAllAsync("/api/v1/content/pieces")).Count,
            (await client.GetAllAsync("/api/v1/publications")).Count,
            (await shop.PostsAsync()).Count,
            (await client.GetJsonAsync("/api/v1/analytics/roi?by=platform")).GetProperty("totals").GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Everything_made_against_the_sandbox_is_marked_as_test()
    {
        using var shop = new Shop(empire.Sandbox);
        using var client = await empire.NewTenantAsync("marked");
        await client.RunCycleAsync(await shop.FeedAsync(20, 3));
        Assert.All(await client.GetAllAsync("/api/v1/content/pieces"), piece => Assert.True(piece.GetProperty("test").GetBoolean()));
        Assert.All(await client.GetAllAsync("/api/v1/publications"), publication => Assert.True(publication.GetProperty("test").GetBoolean()));
        Assert.All(await client.GetAllAsync("/api/v1/analytics/costs"), cost => Assert.True(cost.GetProperty("test").GetBoolean()));
    }

    [Fact]
    public async Task The_door_is_closed_without_a_key_and_between_tenants()
    {
        using var shop = new Shop(empire.Sandbox);
        using var client = await empire.NewTenantAsync("closed door");
        var cycle = await client.RunCycleAsync(await shop.FeedAsync(30, 1));
        var path = $"/api/v1/autopilot/cycles/{cycle.GetProperty("cycle_id").GetString()}";
        using var stranger = await empire.NewTenantAsync("stranger");
        using var nobody = empire.ClientFor("gopt_000000000000000000000000");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path)).StatusCode);
        using var refused = await nobody.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("INVALID_API_KEY", JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString());
    }

    /// <summary>The path of the first link that leads through <c>/r/</c>, read from the page as a visitor gets it.</summary>
    internal static async Task<string> FirstTrackedLinkAsync(Installation empire, JsonElement publication)
    {
        var url = new Uri(publication.GetProperty("url").GetString()!);
        using var visitor = new HttpClient { BaseAddress = empire.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Get, url.PathAndQuery) { Headers = { Host = url.Authority } };
        using var response = await visitor.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {url}: {(int)response.StatusCode}");
        var page = new HtmlParser().ParseDocument(html);
        Assert.Contains(page.QuerySelectorAll("script[type='application/ld+json']"), script => JsonSerializer.Deserialize<JsonElement>(script.TextContent).GetProperty("@type").GetString() == "BlogPosting");
        return new Uri(empire.Gateway, page.QuerySelector("a[rel~='sponsored']")!.GetAttribute("href")).AbsolutePath;
    }

    /// <summary>As a reader's browser follows a tracked link.</summary>
    /// <returns>Where it led.</returns>
    internal static async Task<Uri> FollowAsync(Installation empire, string path)
    {
        using var visitor = empire.ClientFor("");
        visitor.DefaultRequestHeaders.Authorization = null;
        visitor.DefaultRequestHeaders.UserAgent.ParseAdd(Browser);
        using var response = await visitor.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Contains("utm_source=", response.Headers.Location!.Query, StringComparison.Ordinal);
        return response.Headers.Location;
    }
}
