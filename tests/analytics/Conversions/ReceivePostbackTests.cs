using System.Net;
using System.Text;
using System.Text.Json;
using Empire.Analytics.Clicks;
using Empire.Contracts;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests.Conversions;

public sealed class ReceivePostbackTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    private readonly string id = $"mc_{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_sale_is_booked_with_the_lineage_of_the_link_its_click_came_through()
    {
        var product = Guid.CreateVersion7();
        var subId = await app.ClickAsync(await app.LinkAsync(new() { Destination = "https://shop.example/", ProductId = product.ToString(), Niche = "kitchen", Platform = "blog", PromptVersion = "blog_post@1" }));

        Assert.Equal("recorded", await app.StatusAsync(AnalyticsApp.Body(id, subId)));

        Assert.Equal($"{app.Tenant.Value} {product} kitchen blog blog_post@1 3990000 USD t", await app.SeeAsync<string>(
            "select concat_ws(' ', tenant_id, product_id, niche, platform, prompt_version, commission_micros, currency, test) from conversions where network_conversion_id = @id", new { id }));
        Assert.Equal(AnalyticsApp.Body(id, subId), await app.SeeAsync<string>("select body from network_messages where network_conversion_id = @id", new { id }));
    }

    [Fact]
    public async Task A_sale_told_three_times_is_booked_and_announced_once()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());

        List<string> statuses = [];
        for (var i = 0; i < 3; i++) statuses.Add(await app.StatusAsync(AnalyticsApp.Body(id, subId)));

        Assert.Equal(["recorded", "duplicate", "duplicate"], statuses);
        Assert.Equal((1L, 3_990_000L), await BookedAsync());
        Assert.Equal(1, await app.ToldAsync<ConversionRecorded>($$"""{"networkConversionId":"{{id}}","clickId":"{{Guid.Parse(subId)}}","commissionMicros":3990000}"""));
    }

    [Fact]
    public async Task A_sale_told_by_many_at_once_is_booked_once()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());
        string[] bodies = [AnalyticsApp.Body(id, subId), AnalyticsApp.Body(id, subId, "reversed")];

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.StatusAsync(bodies[i % 2])));

        Assert.Single(statuses, "reversed");
        Assert.Equal((1L, 0L), await BookedAsync());
    }

    [Theory]
    [InlineData("approved", "reversed", "reversed", "approved")]
    [InlineData("reversed", "approved")]
    [InlineData("reversed", "reversed", "approved", "approved")]
    public async Task A_return_is_taken_back_once_in_whatever_order_the_network_tells(params string[] told)
    {
        var subId = await app.ClickAsync(await app.LinkAsync());

        foreach (var status in told) await app.StatusAsync(AnalyticsApp.Body(id, subId, status));

        Assert.Equal((1L, 0L), await BookedAsync());
        var conversion = await app.SeeAsync<Guid>("select id from conversions where network_conversion_id = @id", new { id });
        Assert.Equal(1, await app.ToldAsync<ConversionRecorded>($$"""{"conversionId":"{{conversion}}"}"""));
        Assert.Equal(1, await app.ToldAsync<ConversionReversed>($$"""{"conversionId":"{{conversion}}","commissionMicros":3990000}"""));
    }

    [Fact]
    public async Task The_same_id_of_another_network_is_another_sale()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());

        Assert.Equal("recorded", await app.StatusAsync(AnalyticsApp.Body(id, subId)));
        Assert.Equal("recorded", await app.StatusAsync(AnalyticsApp.Body(id, subId), "harbor"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("theirs-17")]
    [InlineData("0199f3a0b0c07000800000000000abcd")]
    public async Task A_sale_without_a_click_of_ours_is_kept_aside(string? subId)
    {
        Assert.Equal("quarantined", await app.StatusAsync(AnalyticsApp.Body(id, subId)));
        Assert.Equal("duplicate", await app.StatusAsync(AnalyticsApp.Body(id, subId)));

        Assert.Equal((0L, 0L), await BookedAsync());
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from network_messages where network_conversion_id = @id and tenant_id is null", new { id }));
    }

    [Fact]
    public async Task A_sale_told_before_its_click_was_stored_is_booked_when_it_is()
    {
        var code = await app.LinkAsync();
        var click = new Click(ClickId.New(TimeProvider.System.GetUtcNow()), app.Tenant, code, Agents.Desktop, null, null);
        Assert.Equal("quarantined", await app.StatusAsync(AnalyticsApp.Body(id, click.Id.ToSubId())));

        app.Services.GetRequiredService<ClickSpool>().Append([click]); // the worker takes it from there

        await Eventually.TrueAsync(async () => await BookedAsync() == (1L, 3_990_000L));
    }

    [Fact]
    public async Task A_faulty_field_is_a_400_that_names_it()
    {
        using var response = await app.PostbackAsync(AnalyticsApp.Body(id, null, commission: "a lot"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("VALIDATION_ERROR", problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty("commission", out _));
        Assert.True(response.Headers.Contains(Empire.Http.Blameless.Header)); // signed well: no reason to shut the network out
    }

    [Fact]
    public async Task The_key_alone_is_taken_and_a_wrong_one_is_not()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(AnalyticsApp.Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(null));
    }

    [Fact]
    public async Task A_network_nobody_knows_is_a_404()
    {
        using var response = await app.PostbackAsync(AnalyticsApp.Body(id, null), "nowhere");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read()
    {
        using var response = await app.PostbackAsync(new string(' ', 70_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private async Task<HttpStatusCode> SendAsync(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions/harbor") { Content = new StringContent(AnalyticsApp.Body(id, null), Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var response = await app.CreateDefaultClient().SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>How often this test's sale is booked, and what remains of it.</summary>
    private async Task<(long Rows, long Micros)> BookedAsync() => (
        await app.SeeAsync<long>("select count(*) from conversions where network_conversion_id = @id", new { id }),
        await app.SeeAsync<long>("select coalesce(sum(commission_micros) filter (where reversed_at is null), 0)::bigint from conversions where network_conversion_id = @id", new { id }));
}
