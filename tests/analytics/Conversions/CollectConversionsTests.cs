using Empire.Analytics.Conversions;
using Grpc.Core;
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

        var refused = await Assert.ThrowsAsync<RpcException>(CollectAsync);

        app.Reports.Refusing = null;
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("meadow", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from conversions where network_conversion_id = 'while-the-other-refuses'"));
    }

    private async Task<(int Seen, int Recorded)> CollectAsync()
    {
        var reply = await app.Services.GetRequiredService<CollectConversions>().HandleAsync(app.Tenant, CancellationToken.None);
        return (reply.Seen, reply.Recorded);
    }
}
