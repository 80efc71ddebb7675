using System.Net;
using System.Text.Json;
using Empire.Contracts;
using Empire.Contracts.V1;
using Empire.Testing;

namespace Empire.Analytics.Tests.Clicks;

public sealed class FollowLinkTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task A_visitor_is_sent_on_with_the_campaign_and_a_sub_id_that_names_the_stored_click()
    {
        var code = await app.LinkAsync(new() { Destination = "https://shop.example/p?color=red#top", Campaign = "spring", PublicationId = Guid.CreateVersion7().ToString() });
        using var visitor = app.Visitor();
        visitor.DefaultRequestHeaders.Referrer = new("https://Blog.example/posts/1?secret=1");
        visitor.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7, 203.0.113.9");

        using var response = await visitor.GetAsync($"/r/{code}");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var location = response.Headers.Location!.OriginalString;
        Assert.StartsWith("https://shop.example/p?color=red&utm_source=kitchen%20guide&utm_medium=affiliate&utm_campaign=spring&utm_content=pub_", location, StringComparison.Ordinal);
        Assert.EndsWith("#top", location, StringComparison.Ordinal);
        var subId = System.Web.HttpUtility.ParseQueryString(response.Headers.Location.Query)["subid"];
        Assert.Equal($"{code} desktop blog.example True", await app.SeeAsync<string>(
            "select concat_ws(' ', link_code, agent, referrer, case when visitor is not null then 'True' end) from clicks where id = @id", new { id = Guid.Parse(subId!) }));
    }

    [Fact]
    public async Task Every_stored_click_is_announced_once_and_counted_for_its_day()
    {
        var code = await app.LinkAsync();
        for (var i = 0; i < 3; i++) await app.ClickAsync(code);
        using var bot = app.CreateDefaultClient();
        bot.DefaultRequestHeaders.UserAgent.ParseAdd("Googlebot/2.1");
        using var response = await bot.GetAsync($"/r/{code}");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        await Eventually.EqualAsync("3+1", () => app.SeeAsync<string>("select concat(sum(clicks), '+', sum(bots)) from click_counts where link_code = @code", new { code }));
        Assert.Equal(4, await app.ToldAsync<AffiliateClicked>($$"""{"linkCode":"{{code}}","tenantId":"{{app.Tenant.Value}}"}"""));
        await Eventually.EqualAsync(0L, () => app.SeeAsync<long>("select count(*) from click_batches b where exists (select from clicks c where c.batch_id = b.id and c.link_code = @code)", new { code }));
    }

    [Theory]
    [InlineData("zzzzzzzz")]
    [InlineData("short")]
    [InlineData("much-too-long-for-a-code")]
    public async Task An_unknown_code_is_a_404_and_records_nothing(string code)
    {
        var before = await app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code });
        using var visitor = app.Visitor();

        using var response = await visitor.GetAsync($"/r/{code}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("NOT_FOUND", problem.GetProperty("code").GetString());
        Assert.Equal(before, await app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code }));
    }

    [Fact]
    public async Task A_head_request_shows_where_the_link_leads_and_is_no_click()
    {
        var code = await app.LinkAsync();
        using var visitor = app.Visitor();

        using var response = await visitor.SendAsync(new(HttpMethod.Head, $"/r/{code}"));

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.DoesNotContain("subid", response.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.Equal(0, await app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code }));
    }

    [Fact]
    public async Task A_link_made_right_after_somebody_tried_its_code_works_soon()
    {
        var code = await app.LinkAsync(new CreateLinkRequest { Destination = "https://shop.example/p" });
        await app.ClickAsync(code);
        await app.ClickAsync(code); // from memory

        Assert.Equal(2, await app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code }));
    }

    [Fact]
    public async Task A_thousand_visitors_at_once_are_a_thousand_rows()
    {
        var code = await app.LinkAsync();
        using var visitor = app.Visitor();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            using var response = await visitor.GetAsync($"/r/{code}");
            return response.Headers.Location!.OriginalString;
        }));

        Assert.Equal(1000, answers.Distinct().Count());
        Assert.Equal(1000, await app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code }));
    }
}
