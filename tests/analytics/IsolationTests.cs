using Empire.Testing;

namespace Empire.Analytics.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var subId = await app.ClickAsync(await app.LinkAsync());
        await app.StatusAsync(AnalyticsApp.Body("isolated", subId));
        await Eventually.EqualAsync(1L, () => app.SeeAsync<long>("select coalesce(sum(clicks), 0)::bigint from click_counts"));
        await PathIsolation.AssertAsync(app, app.Tenant);
    }
}
