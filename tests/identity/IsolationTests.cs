using System.Net.Http.Json;
using System.Security.Cryptography;
using Dapper;
using Empire.Testing;

namespace Empire.Identity.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var (account, elsewhere) = (await app.AccountAsync("enterprise"), await app.AccountAsync("enterprise"));
        var (ada, partner, stranger) = (await app.UserAsync(), await app.UserAsync(), await app.UserAsync());
        await JoinAsync(account, ada);
        await JoinAsync(account, partner);   // else Ada could not leave
        await JoinAsync(elsewhere, stranger);
        await app.KeyAsync(account);
        using var owner = app.Of(account, tier: "enterprise", actor: $"user:{ada:N}");
        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/v1/identity/keys", new { name = "mine" }),
            ("/api/v1/identity/credentials", new { name = "shop", provider = "stripe", @class = "platform", value = "a-credential-of-mine" }),
            ("/api/v1/identity/access-controls", new { control_type = "session_timeout", control_value = "900" }),
            ("/api/v1/identity/privacy/exports", new { }),
            ("/api/v1/identity/privacy/erasures", new { confirm = $"{ada:n}@people.example" }),
        })
        {
            using var answer = await owner.PostAsJsonAsync(path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
        await IsolationMatrix.AssertAsync(app, account, new()
        {
            Owner = ada,
            Stranger = stranger,
            Elsewhere = elsewhere,
            Unproven = new Dictionary<string, string>
            {
                ["PATCH /admin/tenants/{id}"] = "the operator's alone",
                ["PATCH /admin/users/{id}"] = "the operator's alone",
                ["DELETE /api/v1/identity/invites/{id}"] = "the operator's alone",
                ["POST /api/auth/decline tenant"] = "only who is asked declines, and nobody asks the owner; PendingMemberTests tries it with another's asking",
                ["POST /api/auth/switch tenant"] = "only a session switches, and the walk has none; SessionTests tries it with another's account",
            },
        });
    }

    private async Task JoinAsync(TenantId tenant, Guid user)
    {
        var now = app.Clock.GetUtcNow();
        await using var everything = await app.TestDatabase.OpenAsOwnerAsync();
        await everything.ExecuteAsync(
            """
            insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', @now);
            insert into sessions (id, tenant_id, user_id, token_hash, created_at, last_seen_at, expires_at) values (@id, @Value, @user, @hash, @now, @now, @later)
            """, new { tenant.Value, user, now, id = Guid.CreateVersion7(now), hash = RandomNumberGenerator.GetBytes(32), later = now.AddHours(12) });
    }
}
