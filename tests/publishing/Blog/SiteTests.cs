using System.Net;
using System.Xml.Linq;
using Empire.Publishing.Blog;

namespace Empire.Publishing.Tests.Blog;

/// <summary>The site over HTTP: caching, headers, lists, sitemap, feed, pictures, and whose site a reader sees.</summary>
public sealed class SiteTests(PublishingApp app) : IClassFixture<PublishingApp>, IAsyncLifetime
{
    private static readonly SemaphoreSlim Once = new(1);
    private static string? secondHost;

    /// <summary>Two tenants, the first with enough pages for two sheets.</summary>
    public async ValueTask InitializeAsync()
    {
        await Once.WaitAsync();
        try
        {
            if (secondHost is not null) return;
            foreach (var answer in await app.PlanAsync([.. Enumerable.Range(0, 14).Select(i => (app.Content.Add("blog_post", Samples.PostJson(post => post with { Title = $"Post <{i}> & more", Slug = $"post-{i}" })), "blog"))]))
                await app.PublishedAsync(answer.PublicationId);
            await app.PublishedAsync((await app.PlanAsync((app.Content.Add("recipe", Samples.RecipeJson), "blog")))[0].PublicationId);
            var second = TenantId.New(TimeProvider.System.GetUtcNow());
            await app.PublishedAsync((await app.PlanAsync(second, (app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = "of-the-second" })), "blog")))[0].PublicationId);
            secondHost = await app.ReadAsync<string>("select host from sites where tenant_id = @Value", second);
        }
        finally
        {
            Once.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("/")]
    [InlineData("/blog")]
    [InlineData("/blog?page=2")]
    [InlineData("/recipes")]
    [InlineData("/niches/home-coffee")]
    [InlineData("/blog/post-3")]
    [InlineData("/recipes/red-lentil-stew-with-lemon-and-burnt-onions")]
    [InlineData("/about")]
    public async Task Every_page_is_html_with_one_h1_that_runs_nothing_and_revalidates(string path)
    {
        using var client = app.CreateClient();
        var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        var page = Drawn.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Equal($"https://good.example{path}", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.NotNull(page.QuerySelector(path == "/about" ? "body" : ".ribbon")); // everything here was made against a sandbox
        Assert.All(page.StructuredData(), data => Assert.Equal("https://schema.org", data.GetProperty("@context").GetString()));

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
        var head = await client.SendAsync(new(HttpMethod.Head, path));
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
    }

    [Theory]
    [InlineData("/blog/never-published")]
    [InlineData("/blog/a/b")]
    [InlineData("/recipes/never-published")]
    [InlineData("/niches/none")]
    [InlineData("/blog?page=99")]
    [InlineData("/blog?page=0")]
    public async Task What_was_never_published_is_not_found_and_says_so_kindly(string path)
    {
        var answer = await app.CreateClient().GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var page = Drawn.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotNull(page.QuerySelector("a[href='/blog']"));
        Assert.NotNull(page.QuerySelector("meta[name=robots][content=noindex]"));
    }

    [Fact]
    public async Task The_sitemap_names_every_page_once()
    {
        var root = XDocument.Parse(await app.CreateClient().GetStringAsync("/sitemap.xml")).Root!;
        XNamespace ns = "http://www.sitemaps.org/schemas/sitemap/0.9";
        Assert.Equal(ns + "urlset", root.Name);
        var addresses = root.Elements(ns + "url").Select(url => url.Element(ns + "loc")!.Value).ToList();
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
        Assert.Contains("https://good.example/recipes/red-lentil-stew-with-lemon-and-burnt-onions", addresses);
        Assert.Equal(14, addresses.Count(address => address.StartsWith("https://good.example/blog/", StringComparison.Ordinal)));
        foreach (var address in addresses) Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().GetAsync(new Uri(address).PathAndQuery)).StatusCode);
        Assert.Contains("Sitemap: https://good.example/sitemap.xml", await app.CreateClient().GetStringAsync("/robots.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feed_is_valid_rss_with_the_newest_first()
    {
        var answer = await app.CreateClient().GetAsync("/rss.xml");
        Assert.Equal("application/rss+xml", answer.Content.Headers.ContentType?.MediaType);
        var rss = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        Assert.Equal("2.0", rss.Attribute("version")!.Value);
        var channel = Assert.Single(rss.Elements("channel"));
        Assert.All((string[])["title", "link", "description", "lastBuildDate"], name => Assert.NotEmpty(channel.Element(name)!.Value));
        var items = channel.Elements("item").ToList();
        Assert.Equal(15, items.Count);
        Assert.All(items, item => Assert.Equal(item.Element("link")!.Value, item.Element("guid")!.Value));
        Assert.Contains(items, item => item.Element("title")!.Value == "Post <3> & more");
        var times = items.Select(item => DateTimeOffset.ParseExact(item.Element("pubDate")!.Value, "R", null)).ToList();
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task A_page_without_a_picture_has_a_drawing_for_search_engines()
    {
        var page = Drawn.Parse(await app.CreateClient().GetStringAsync("/recipes/red-lentil-stew-with-lemon-and-burnt-onions"));
        var recipe = page.StructuredData().Single(data => data.GetProperty("@type").GetString() == "Recipe");
        var cover = await app.CreateClient().GetAsync(new Uri(recipe.GetProperty("image")[0].GetString()!).PathAndQuery);
        Assert.Equal("image/svg+xml", cover.Content.Headers.ContentType?.MediaType);
        Assert.Equal("svg", XDocument.Parse(await cover.Content.ReadAsStringAsync()).Root!.Name.LocalName);
        Assert.Equal(HttpStatusCode.NotFound, (await app.CreateClient().GetAsync("/covers/recipe/none.svg")).StatusCode);
    }

    [Fact]
    public async Task A_host_of_its_own_shows_a_tenant_its_own_site_and_any_other_host_the_first()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(secondHost!, "/blog/of-the-second")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(secondHost!, "/blog/post-3")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("anything.example", "/blog/of-the-second")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("anything.example", "/blog/post-3")).StatusCode);
        var page = Drawn.Parse(await (await GetAsync(secondHost!, "/blog/of-the-second")).Content.ReadAsStringAsync());
        Assert.Equal($"https://{secondHost}/blog/of-the-second", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_style_sheet_is_kept_for_ever_under_its_own_hash_only()
    {
        using var client = app.CreateClient();
        Assert.Contains("immutable", (await client.GetAsync(Stylesheet.Path)).Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("immutable", (await client.GetAsync("/assets/site.000000000000.css")).Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/assets/other.css")).StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return await app.CreateClient().SendAsync(request);
    }
}
