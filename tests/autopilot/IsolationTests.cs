using Empire.Testing;

namespace Empire.Autopilot.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(AutopilotApp app) : IClassFixture<AutopilotApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        using var client = app.OwnerClient();
        var feed = await AutopilotApp.UploadAsync(client, "m1", "m2", "m3");
        await AutopilotApp.UntilAsync(client, await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!), "completed");
        await IsolationMatrix.AssertAsync(app, app.Tenant);
    }
}
