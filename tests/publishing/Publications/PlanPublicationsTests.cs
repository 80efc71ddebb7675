using System.Net;
using System.Text.Json;
using Empire.Publishing.Tests.Blog;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.Tests.Publications;

public sealed class PlanPublicationsTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    [Fact]
    public async Task A_planned_post_becomes_a_page_with_its_tracked_link_and_lineage()
    {
        var piece = app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = "lineage" }));
        var planned = Assert.Single(await app.PlanAsync((piece, "blog")));
        await app.PublishedAsync(planned.PublicationId);

        var link = app.Analytics.Links.Values.Single(link => link.PieceId == piece.ToString());
        Assert.Equal((planned.PublicationId, Samples.ProductId.ToString(), "harbor", "home coffee", "blog", "blog_post@1"), (link.PublicationId, link.ProductId, link.Network, link.Niche, link.Platform, link.PromptVersion));
        Assert.Equal(Samples.Grinder.Url, link.Destination);
        var page = Drawn.Parse(await app.CreateClient().GetStringAsync("/blog/lineage"));
        Assert.NotEmpty(page.QuerySelectorAll($"a[href='/r/{app.Analytics.Codes[link.LinkKey]}'][rel~=sponsored]"));
        Assert.NotNull(page.QuerySelector("[data-disclosure]"));
        Assert.Equal("https://good.example/blog/lineage", await app.ReadAsync<string>("select url from publications where id = @id", new { id = Guid.Parse(planned.PublicationId) }));
    }

    [Fact]
    public async Task A_recipe_stands_under_its_course_not_under_the_niche_of_its_product()
    {
        var planned = Assert.Single(await app.PlanAsync((app.Content.Add("recipe", Samples.RecipeJson), "blog"))); // for a product of the niche "home coffee"
        await app.PublishedAsync(planned.PublicationId);
        Assert.Equal(DocumentJson.Parse<RecipeDocument>(Samples.RecipeJson).Category, await app.ReadAsync<string>("select niche from pages where id = @id", new { id = Guid.Parse(planned.PublicationId) }));
    }

    [Fact]
    public async Task Planning_again_publishes_nothing_again()
    {
        var piece = app.Content.Add("recipe", Samples.RecipeJson);
        var first = Assert.Single(await app.PlanAsync((piece, "blog")));
        await app.PublishedAsync(first.PublicationId);
        var again = await app.PlanAsync((piece, "blog"), (piece, "blog"));
        Assert.All(again, answer => Assert.Equal((first.PublicationId, "published"), (answer.PublicationId, answer.State)));
        Assert.Equal(1, await app.ReadAsync<int>("select count(*)::int from publications where piece_id = @piece", new { piece }));
        Assert.Equal(1, await app.ReadAsync<int>("select count(*)::int from pages where id = @id", new { id = Guid.Parse(first.PublicationId) }));
    }

    [Fact]
    public async Task Planning_the_same_piece_at_the_same_moment_plans_it_once()
    {
        var piece = app.Content.Add("blog_post", Samples.PostJson());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.PlanAsync((piece, "blog"))));
        Assert.Single(answers.Select(answer => answer[0].PublicationId).Distinct());
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "blog_post", """{"title": "T", "body_markdown": "Good.", "disclosure_needed": false}""", "ftc-disclosure" },
        { "blog_post", Samples.PostJson(post => post with { BodyMarkdown = "Great.\n\nBut **act\nnow**: it is good." }), "false-urgency" },
        { "blog_post", Samples.PostJson(post => post with { Title = "Selling out fast: the grinder" }), "false-scarcity" },
        { "blog_post", Samples.PostJson(post => post with { BodyMarkdown = "In our tests it ground for weeks." }), "untrue-experience" },
        { "script", "{}", "channel-kind" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task A_piece_that_breaks_a_rule_is_refused_with_the_rule_named(string kind, string document, string rule)
    {
        var piece = app.Content.Add(kind, document);
        var answer = Assert.Single(await app.PlanAsync((piece, "blog")));
        Assert.Equal(("refused", ""), (answer.State, answer.PublicationId));
        Assert.StartsWith($"{rule}:", answer.Refusal, StringComparison.Ordinal);
        Assert.Equal(0, await app.ReadAsync<int>("select count(*)::int from publications where piece_id = @piece", new { piece }));
    }

    [Theory]
    [InlineData("blog_post", "blog")]
    [InlineData("recipe", "blog")]
    [InlineData("social_post", "x")]
    public async Task A_piece_that_sells_is_blocked_once_its_disclosure_is_removed(string kind, string channel)
    {
        var document = kind == "recipe" ? Samples.RecipeJson : kind == "social_post" ? """{"text": "A note."}""" : Samples.PostJson();
        var answer = Assert.Single(await app.PlanAsync((app.Content.Add(kind, document, disclosed: false), channel)));
        Assert.StartsWith("ftc-disclosure:", answer.Refusal, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(await app.PlanAsync((app.Content.Add(kind, document), channel))).State, (string[])["planned", "published"]); // the worker may be faster than the answer
    }

    [Fact]
    public async Task One_refusal_does_not_hold_up_the_others()
    {
        var good = app.Content.Add("blog_post", Samples.PostJson());
        var requested = app.Content.Add("blog_post", Samples.PostJson(), state: "requested");
        var answers = await app.PlanAsync((requested, "blog"), (Guid.CreateVersion7(), "blog"), (good, "myspace"), (good, "blog"));
        Assert.Equal(["refused", "refused", "refused"], answers.Take(3).Select(answer => answer.State));
        Assert.StartsWith("piece-not-generated:", answers[0].Refusal, StringComparison.Ordinal);
        Assert.StartsWith("piece-not-found:", answers[1].Refusal, StringComparison.Ordinal);
        Assert.StartsWith("channel-unknown:", answers[2].Refusal, StringComparison.Ordinal);
        await app.PublishedAsync(answers[3].PublicationId);
    }

    [Fact]
    public async Task Two_pieces_of_one_title_get_two_addresses()
    {
        var pieces = Enumerable.Range(0, 3).Select(_ => (app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = "twins" })), "blog")).ToArray();
        foreach (var answer in await app.PlanAsync(pieces)) await app.PublishedAsync(answer.PublicationId);
        foreach (var path in (string[])["/blog/twins", "/blog/twins-2", "/blog/twins-3"])
            Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task While_analytics_is_away_the_publication_waits_and_then_goes_out()
    {
        app.Analytics.FailNext(3);
        var answer = Assert.Single(await app.PlanAsync((app.Content.Add("blog_post", Samples.PostJson()), "blog")));
        await app.PublishedAsync(answer.PublicationId);
    }

    [Fact]
    public async Task A_destination_that_analytics_refuses_fails_the_publication_at_once()
    {
        app.Analytics.Refuses = destination => destination.Contains("unlinkable", StringComparison.Ordinal);
        var answer = Assert.Single(await app.PlanAsync((app.Content.Add("blog_post", Samples.PostJson(), url: "https://shop.example/unlinkable"), "blog")));
        await Empire.Testing.Eventually.EqualAsync("failed", () => app.StateAsync(answer.PublicationId));
        Assert.StartsWith("refused: destination:", await app.ReadAsync<string>("select failure from publications where id = @id", new { id = Guid.Parse(answer.PublicationId) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_lists_pages_filters_and_exports()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var pieces = Enumerable.Range(0, 3).Select(i => (app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = $"listed-{i}", BodyMarkdown = "A {brace}, a <Tag/> and [it](product:" + Samples.ProductId + ")." })), "blog")).ToArray();
        var planned = await app.PlanAsync(tenant, pieces);
        foreach (var answer in planned) await app.PublishedAsync(answer.PublicationId);

        using var client = app.ClientFor(tenant);
        var first = await ReadAsync(client, "/api/v1/publications?limit=2&channel=blog&state=published");
        var second = await ReadAsync(client, $"/api/v1/publications?limit=2&cursor={first.GetProperty("next_cursor").GetString()}");
        var ids = first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).Select(item => item.GetProperty("id").GetString()!).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        Assert.Equal("published", (await ReadAsync(client, $"/api/v1/publications/{ids[0]}")).GetProperty("state").GetString());

        var mdx = await client.GetStringAsync($"/api/v1/publications/{ids[0]}/mdx");
        Assert.StartsWith("---\ntitle: \"", mdx, StringComparison.Ordinal);
        Assert.Contains("affiliate: true\n", mdx, StringComparison.Ordinal);
        Assert.Contains("A &#123;brace&#125;, a &lt;Tag/>", mdx, StringComparison.Ordinal);
        Assert.Contains("/r/c", mdx, StringComparison.Ordinal);
        Assert.DoesNotContain("product:", mdx, StringComparison.Ordinal);
        Assert.True(mdx.IndexOf("commission", StringComparison.Ordinal) < mdx.IndexOf("[it]", StringComparison.Ordinal));

        await app.PublishedAsync((await app.PlanAsync(tenant, (app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = "of-another-batch" })), "blog")))[0].PublicationId);
        Assert.Equal(4, (await ReadAsync(client, "/api/v1/publications")).GetProperty("data").GetArrayLength());
        var batch = await app.ReadAsync<Guid>("select batch_id from publications where id = @id", new { id = Guid.Parse(planned[0].PublicationId) });
        Assert.Equal(ids.Order(), (await ReadAsync(client, $"/api/v1/publications?batch_id=cyc_{batch:N}")).GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).Order());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/publications?state=gone")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/publications/pub_nonsense")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.OwnerClient().GetAsync($"/api/v1/publications/{ids[0]}")).StatusCode);      // another tenant
        Assert.Equal(HttpStatusCode.NotFound, (await app.OwnerClient().GetAsync($"/api/v1/publications/{ids[0]}/mdx")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().GetAsync("/api/v1/publications")).StatusCode);
    }

    [Fact]
    public Task No_table_of_a_tenant_is_left_open() => Empire.Testing.TenantTables.AssertIsolatedAsync(app.TestDatabase);

    private static async Task<JsonElement> ReadAsync(HttpClient client, string path) => JsonDocument.Parse(await client.GetStringAsync(path)).RootElement;
}
