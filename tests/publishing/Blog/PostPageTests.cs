using Empire.Publishing.Blog;

namespace Empire.Publishing.Tests.Blog;

public sealed class PostPageTests
{
    [Fact]
    public async Task The_disclosure_is_seen_before_the_first_paid_link_and_every_paid_link_is_marked()
    {
        var page = await Drawn.PageAsync(Samples.PostPage());
        var disclosure = Assert.Single(page.QuerySelectorAll("[data-disclosure]"));
        var paid = page.QuerySelectorAll("a[href^='/r/']");
        Assert.True(paid.Length >= 4, $"two in the text, the product box and the end, but {paid.Length}");
        Assert.All(paid, link => Assert.True(disclosure.IsBefore(link)));
        Assert.All(paid, link => Assert.Equal(AffiliateLink.Rel, link.GetAttribute("rel")));
        Assert.Contains("commission", disclosure.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_engines_find_one_canonical_address_and_valid_structured_data()
    {
        var page = await Drawn.PageAsync(Samples.PostPage());
        const string Address = "https://good.example:8443/blog/fix-the-grinder-first";
        Assert.Equal(Address, Assert.Single(page.QuerySelectorAll("link[rel=canonical]")).GetAttribute("href"));
        Assert.Equal(Address, page.Meta("og:url"));
        Assert.Equal(Samples.Post.MetaDescription, page.Meta("description"));
        Assert.Equal("article", page.Meta("og:type"));
        Assert.Equal("summary_large_image", page.Meta("twitter:card"));
        Assert.Equal("https://good.example:8443/media/abc.svg", page.Meta("og:image"));

        var post = Assert.Single(page.StructuredData(), data => data.GetProperty("@type").GetString() == "BlogPosting");
        Assert.Equal(Samples.Post.Title, post.GetProperty("headline").GetString());
        Assert.Equal("2026-03-02T08:00:00Z", post.GetProperty("datePublished").GetString());
        Assert.Equal("Halden Conical Burr Grinder", post.GetProperty("about").GetProperty("name").GetString());
        Assert.True(post.GetProperty("wordCount").GetInt32() > 1300);
        Assert.DoesNotContain("atingValue", post.GetRawText(), StringComparison.Ordinal); // we rate nothing
        Assert.Contains(page.StructuredData(), data => data.GetProperty("@type").GetString() == "BreadcrumbList");
    }

    [Fact]
    public async Task Headings_step_down_one_level_at_a_time_from_a_single_h1()
    {
        var page = await Drawn.PageAsync(Samples.PostPage(post => post with { BodyMarkdown = "# Deep\n\ntext\n\n#### Deeper\n\ntext\n\n## Back\n" + post.BodyMarkdown }));
        var levels = page.QuerySelectorAll("h1, h2, h3, h4, h5, h6").Select(heading => heading.TagName[1] - '0').ToList();
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}"));
    }

    [Fact]
    public async Task A_title_repeated_at_the_head_of_the_text_is_shown_once()
    {
        var page = await Drawn.PageAsync(Samples.PostPage(post => post with { BodyMarkdown = $"# {post.Title}\n\nText." }));
        Assert.Single(page.QuerySelectorAll("h1, h2, h3"), heading => heading.TextContent == Samples.Post.Title);
    }

    [Fact]
    public async Task A_page_runs_nothing_and_loads_nothing_from_elsewhere()
    {
        var page = await Drawn.PageAsync(Samples.PostPage());
        Assert.All(page.QuerySelectorAll("script"), script => Assert.Equal("application/ld+json", script.GetAttribute("type")));
        Assert.All(page.QuerySelectorAll("[src], link[rel=stylesheet], link[rel=icon]"), element =>
            Assert.StartsWith("/", element.GetAttribute("src") ?? element.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Empty(page.QuerySelectorAll("[style]"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("</title></script><svg onload=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    public async Task Markup_in_any_text_is_shown_as_text(string attack)
    {
        var page = await Drawn.PageAsync(Samples.PostPage(
            post => post with { Title = attack, MetaDescription = attack, Keywords = [attack], BodyMarkdown = $"{attack}\n\n## {attack}\n\n[{attack}](product:{Samples.ProductId})\n\n`{attack}`" },
            Samples.Grinder with { Name = attack, Brand = attack, Features = [attack] }));
        Assert.Equal(attack, page.QuerySelector("h1")!.TextContent);
        Assert.Equal(attack, page.Meta("description"));
        Assert.Equal(attack, page.QuerySelector(".product h2")!.TextContent);
        Assert.All(page.QuerySelectorAll("script"), script => Assert.Equal("application/ld+json", script.GetAttribute("type")));
        Assert.Empty(page.QuerySelectorAll("img:not([src^='/media/']), svg:not(.time-tape), iframe, object"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)));
        Assert.Equal(attack, page.StructuredData()[0].GetProperty("headline").GetString()); // and the data block still parses
    }

    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](data:text/html,hi)")]
    [InlineData("[x](//evil.example/a)")]
    [InlineData("[x](/admin)")]
    [InlineData("[x](product:0199a1f0-0000-7000-8000-00000000ffff)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![x](https://tracker.example/pixel.gif)")]
    [InlineData("[x][r]\n\n[r]: javascript:alert(1)")]
    public void Links_lead_only_to_web_addresses_and_to_our_own_tracked_link(string markdown)
    {
        var article = ArticleMarkdown.Render($"Read {markdown} now", "T", AffiliateLink.Of(Samples.PostPage()));
        var body = Drawn.Parse(article.Html).Body!;
        Assert.Empty(body.QuerySelectorAll("a, img"));
        Assert.Contains("now", body.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[it](https://shop.example/p/1?aff=1)")]
    [InlineData("<https://shop.example/other>")]
    public void A_link_to_the_merchant_becomes_the_tracked_link(string markdown)
    {
        var link = Drawn.Parse(ArticleMarkdown.Render(markdown, "T", AffiliateLink.Of(Samples.PostPage())).Html).QuerySelector("a")!;
        Assert.Equal("/r/k7Qm2x", link.GetAttribute("href"));
        Assert.Equal(AffiliateLink.Rel, link.GetAttribute("rel"));
    }

    [Fact]
    public async Task A_page_made_against_the_sandbox_wears_the_ribbon()
    {
        var real = await Drawn.PageAsync(Samples.PostPage());
        Assert.Empty(real.QuerySelectorAll(".ribbon"));
        var page = Samples.PostPage();
        var test = await Drawn.PageAsync(page with { Summary = page.Summary with { Test = true } });
        Assert.Contains("Test", Assert.Single(test.QuerySelectorAll(".ribbon")).TextContent, StringComparison.Ordinal);
    }
}
