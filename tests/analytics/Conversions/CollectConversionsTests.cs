using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Analytics.Conversions;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests.Conversions;

public sealed class CollectConversionsTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task The_reports_heal_what_the_postbacks_missed_and_are_read_on_from_where_they_ended()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());
        var other = await app.ClickAsync(await app.LinkAsync(tenant: TenantId.New(TimeProvider.System.GetUtcNow())));
        await app.StatusAsync(AnalyticsApp.Body("told", subId));
        app.Reports.Say("meadow", $"{AnalyticsApp.Body("told", subId)},{AnalyticsApp.Body("missed", subId)}", $"{AnalyticsApp.Body("returned", subId, "reversed")},{{\"conversion_id\":\"broken\"}}");
        app.Reports.Say("harbor", AnalyticsApp.Body("of-another-tenant", other));

        Assert.Equal((3, 2), await CollectAsync());
        Assert.Equal((3, 0), await CollectAsync());

        Assert.Equal("missed of-another-tenant returned- told", await app.SeeAsync<string>(
            "select string_agg(network_conversion_id || case when reversed_at is null then '' else '-' end, ' ' order by network_conversion_id) from conversions where network_conversion_id = any(@mine)",
            new { mine = new[] { "told", "missed", "returned", "of-another-tenant" } }));
        Assert.StartsWith("/meadow/conversions?token=token&since=", app.Reports.Requests.Last(request => request.StartsWith("/meadow", StringComparison.Ordinal) && !request.Contains("cursor=", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_refuses_is_named_and_the_others_are_read()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());
        app.Reports.Say("harbor", AnalyticsApp.Body("while-the-other-refuses", subId));
        app.Reports.Refusing = "meadow";

        var collected = await app.Services.GetRequiredService<CollectConversions>().HandleAsync(app.Tenant, CancellationToken.None);

        app.Reports.Refusing = null;
        Assert.Equal(["meadow"], collected.Incomplete);
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from conversions where network_conversion_id = 'while-the-other-refuses'"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    [InlineData("<html>Down for maintenance</html>")]
    public async Task A_network_that_answers_nonsense_is_read_next_time_from_where_the_last_good_reading_ended(string nonsense)
    {
        var subId = await app.ClickAsync(await app.LinkAsync());
        var (before, during) = ($"before-{Guid.CreateVersion7()}", $"during-{Guid.CreateVersion7()}");
        app.Reports.Say("harbor");
        app.Reports.Say("meadow", AnalyticsApp.Body(before, subId));
        await CollectAsync();
        var mark = await MarkAsync();

        app.Reports.Instead = ("meadow", nonsense);
        app.Reports.Say("meadow", AnalyticsApp.Body(during, subId));
        Assert.Equal(["meadow"], (await app.Services.GetRequiredService<CollectConversions>().HandleAsync(app.Tenant, CancellationToken.None)).Incomplete);
        Assert.Equal(mark, await MarkAsync());

        app.Reports.Instead = null;
        Assert.Equal((1, 1), await CollectAsync());
        Assert.True(await MarkAsync() > mark);

        Task<DateTime> MarkAsync() => app.SeeAsync<DateTime>("select read_until from network_watermarks where network = 'meadow'");
    }

    [Fact]
    public async Task A_row_that_nobody_can_read_is_kept_for_the_operator_and_counted_once_it_can_be_read()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());
        var sale = $"odd-{Guid.CreateVersion7()}";
        var odd = AnalyticsApp.Body(sale, subId).Replace("\"approved\"", "\"approved-by-hand\"", StringComparison.Ordinal);
        app.Reports.Say("harbor", odd);
        await CollectAsync();
        await CollectAsync(); // the report shows it again

        using var owner = app.ClientFor(app.Tenant);
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.GetAsync("/api/v1/analytics/conversions/unreadable")).StatusCode);
        using var operators = app.ClientFor(app.Tenant, runsInstallation: true);
        var rows = (await operators.GetFromJsonAsync<JsonElement>("/api/v1/analytics/conversions/unreadable")).GetProperty("data").EnumerateArray();
        var kept = Assert.Single(rows, row => row.GetProperty("body").GetString()!.Contains(sale, StringComparison.Ordinal));
        Assert.Equal(odd, kept.GetProperty("body").GetString());
        Assert.StartsWith("status: ", kept.GetProperty("problems").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, kept.GetProperty("taken_in_at").ValueKind);

        // As an upgrade would: what stands there can be read.
        await app.SeeAsync<object>("update unreadable_rows set body = @body where body like @like", new { body = AnalyticsApp.Body(sale, subId), like = $"%{sale}%" });
        app.Reports.Say("harbor");
        await CollectAsync();
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from conversions where network_conversion_id = @sale", new { sale }));
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from unreadable_rows where taken_in_at is not null and body like @like", new { like = $"%{sale}%" }));
    }

    private async Task<(int Seen, int Recorded)> CollectAsync()
    {
        var reply = await app.Services.GetRequiredService<CollectConversions>().HandleAsync(app.Tenant, CancellationToken.None);
        return (reply.Seen, reply.Recorded);
    }
}
