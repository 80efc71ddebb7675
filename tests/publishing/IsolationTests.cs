using System.Net.Http.Json;
using Empire.Publishing.Tests.Stores;
using Empire.Testing;

namespace Empire.Publishing.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(StoresApp app) : IClassFixture<StoresApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var planned = await app.PlanAsync((app.Content.Add("blog_post", Samples.PostJson()), "blog"), (app.Content.Add("recipe", Samples.RecipeJson), "blog"), (app.Content.Add("social_post", """{"text": "A note."}"""), "x"));
        foreach (var publication in planned) await app.PublishedAsync(publication.PublicationId);
        using var owner = app.ClientOf(app.Tenant);
        using var product = await owner.PostAsJsonAsync("/api/products/create", new { niche = "isolated tea" });
        product.EnsureSuccessStatusCode();
        using var store = await owner.PostAsJsonAsync("/api/stores/connect", new { platform = "gumroad", access_token = "token-of-the-owner" });
        store.EnsureSuccessStatusCode();
        using var synced = await owner.PostAsJsonAsync("/api/stores/sync", new { });
        synced.EnsureSuccessStatusCode();
        app.Content.Owner = app.Tenant;
        await IsolationMatrix.AssertAsync(app, app.Tenant, new()
        {
            Unproven = new Dictionary<string, string> { ["POST /api/v1/publications/accounts/{account}/resume"] = "X's accounts are the operator's, so others find nothing to resume" },
        });
    }
}
