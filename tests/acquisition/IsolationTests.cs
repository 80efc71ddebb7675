using System.Net.Http.Json;
using Empire.Acquisition.Tests.Campaigns;
using Empire.Testing;

namespace Empire.Acquisition.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(CampaignApp app) : IClassFixture<CampaignApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        await app.PublishAsync(app.SignUp("isolated@example.test"));
        await app.SettledAsync("sent", "isolated@example.test");
        using var owner = app.OwnerClient();
        var campaign = await app.CreateAsync(owner, destination: "https://shop.example/isolated");
        (await owner.PostAsJsonAsync($"{CampaignApp.Path}/{campaign}/spend", new { amount = 1, spent_on = "2026-03-01", source = "isolated-source", reference = "isolated-reference" })).EnsureSuccessStatusCode();
        await IsolationMatrix.AssertAsync(app, app.Tenant, new() { Unproven = new Dictionary<string, string> { ["GET /api/v1/acquisition/mail/templates/{name}/preview"] = "the operator's alone" } });
    }
}
