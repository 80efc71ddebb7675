using Empire.Analytics.Costs;
using Empire.Testing;

namespace Empire.Analytics.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var campaign = Guid.CreateVersion7();
        var subId = await app.ClickAsync(await app.LinkAsync(new() { Destination = "https://shop.example/p/1", CampaignId = campaign.ToString() }));
        await app.StatusAsync(AnalyticsApp.Body("isolated", subId));
        await Eventually.EqualAsync(1L, () => app.SeeAsync<long>("select coalesce(sum(clicks), 0)::bigint from click_counts"));
        await using (var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None))
        {
            await new RecordCost().HandleAsync(new()
            {
                TenantId = app.Tenant.Value, CostId = Guid.CreateVersion7(), Category = "ads", Micros = 1_000_000, Currency = "USD", CampaignId = campaign, Description = "isolated", Test = true,
                OccurredAt = TimeProvider.System.GetUtcNow(),
            }, work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        await IsolationMatrix.AssertAsync(app, app.Tenant);
    }
}
