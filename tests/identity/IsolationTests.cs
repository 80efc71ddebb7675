using System.Net.Http.Json;
using Empire.Testing;

namespace Empire.Identity.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var account = await app.AccountAsync("enterprise");
        await app.KeyAsync(account);
        using var owner = app.Of(account, tier: "enterprise");
        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/v1/identity/keys", new { name = "mine" }),
            ("/api/v1/identity/credentials", new { name = "shop", provider = "stripe", @class = "platform", value = "a-credential-of-mine" }),
            ("/api/v1/identity/access-controls", new { control_type = "session_timeout", control_value = "900" }),
        })
        {
            using var answer = await owner.PostAsJsonAsync(path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
        // A person's own requests need a person; PrivacyTests hold them against strangers.
        await IsolationMatrix.AssertAsync(app, account,
            "/api/v1/identity/privacy/exports/{id}", "/api/v1/identity/privacy/exports/{id}/download", "/api/v1/identity/privacy/erasures/{id}");
    }
}
