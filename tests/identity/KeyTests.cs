using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Empire.Data;
using Empire.Identity.Keys;
using Empire.Identity.Owner;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests;

public sealed class KeyTests(IdentityApp app) : IClassFixture<IdentityApp>
{
    [Fact]
    public async Task The_owner_of_the_installation_is_there_at_the_first_start_and_only_once()
    {
        await app.Services.GetRequiredService<OwnerAccount>().EnsureAsync(CancellationToken.None); // as at the next start
        var owner = await app.AuthenticateAsync(IdentityApp.OwnerKey);
        Assert.Equal(("owner", true, "enterprise"), (owner!.Role, owner.Operator, owner.Tier));
        await using var database = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.Equal("owner@empire.example", await database.QuerySingleAsync<string>("select email from users"));
        Assert.Equal(1, await database.QuerySingleAsync<int>("select count(*)::int from tenants where is_operator"));
    }

    [Fact]
    public async Task Neither_key_nor_password_stands_in_the_database()
    {
        await using var database = await app.TestDatabase.OpenAsOwnerAsync();
        var everything = await database.QueryAsync<string>("select users::text from users union all select api_keys::text from api_keys");
        Assert.All(everything, row => Assert.DoesNotContain("correct horse", row, StringComparison.Ordinal));
        Assert.All(everything, row => Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(IdentityApp.OwnerKey)), row, StringComparison.Ordinal));
        Assert.All(everything, row => Assert.DoesNotContain(IdentityApp.OwnerKey, row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_shown_once_works_until_it_is_revoked_and_is_listed_without_itself()
    {
        using var owner = await app.ClientForAsync(IdentityApp.OwnerKey);
        using var created = await owner.PostAsJsonAsync("/api/v1/identity/keys", new { name = "reports", role = "viewer" });
        var answer = await created.Content.ReadFromJsonAsync<JsonElement>();
        var key = answer.GetProperty("api_key").GetString()!;
        Assert.Matches("^gopt_[A-Za-z0-9]{24}$", key);
        Assert.Equal("viewer", (await app.AuthenticateAsync(key))!.Role);
        Assert.DoesNotContain(key, await owner.GetStringAsync("/api/v1/identity/keys"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/api/v1/identity/keys/{answer.GetProperty("id").GetString()}")).StatusCode);
        Assert.Null(await app.AuthenticateAsync(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gopt_short")]
    [InlineData("gopt_000000000000000000000000")]
    [InlineData("' or 1=1 --")]
    public async Task A_key_that_is_malformed_or_unknown_is_refused_alike(string key) => Assert.Null(await app.AuthenticateAsync(key));

    [Fact]
    public async Task A_key_that_somebody_has_is_given_to_nobody_else()
    {
        var (taken, fresh) = (ApiKey.Generate(), ApiKey.Generate());
        var made = new Queue<string>([taken, taken, taken, fresh]);
        Assert.Equal([taken, fresh], [await IssueAsync(made.Dequeue), await IssueAsync(made.Dequeue)]);
        Assert.Empty(made);
    }

    private async Task<string> IssueAsync(Func<string> generate)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await using var work = await app.Services.GetRequiredService<Database>().BeginAsync(new(await owner.QuerySingleAsync<Guid>("select tenant_id from tenants where is_operator")), default);
        work.NothingToAudit();
        var key = await ApiKeyTable.IssueAsync(work, Guid.CreateVersion7(now), "test", "viewer", [], null, ApiKeyTable.Setup, now, default, generate);
        await work.CommitAsync(default);
        return key;
    }

    [Fact]
    public void A_hundred_thousand_keys_are_distinct() => Assert.Equal(100_000, Enumerable.Range(0, 100_000).Select(_ => ApiKey.Generate()).Distinct().Count());

    [Fact]
    public async Task Only_the_operator_opens_accounts_and_a_viewer_makes_no_keys()
    {
        using var owner = await app.ClientForAsync(IdentityApp.OwnerKey);
        using var opened = await owner.PostAsJsonAsync("/api/v1/tenants", new { name = "Second", time_zone = "Europe/Berlin" });
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        using var second = await app.ClientForAsync((await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("api_key").GetString()!);
        Assert.Equal(HttpStatusCode.Forbidden, (await second.PostAsJsonAsync("/api/v1/tenants", new { name = "Third" })).StatusCode);
        Assert.Equal("Second", (await second.GetFromJsonAsync<JsonElement>("/api/v1/identity/me")).GetProperty("name").GetString());
        using var viewer = app.ClientFor(app.Tenant, role: "viewer");
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync("/api/v1/identity/keys", new { name = "mine" })).StatusCode);
    }

    [Fact]
    public async Task A_service_learns_what_the_account_it_acts_for_is_and_nobody_learns_it_without_a_caller()
    {
        var owner = await app.AuthenticateAsync(IdentityApp.OwnerKey);
        var account = await app.GetTenantAsync(new(Guid.Parse(owner!.TenantId)));
        Assert.Equal(("Empire", "America/New_York"), (account!.Name, account.TimeZone));
        Assert.Null(await app.GetTenantAsync(null));
    }

    [Fact]
    public async Task A_service_learns_who_owns_the_account_it_acts_for_and_a_person_does_not_learn_it_this_way()
    {
        var account = new TenantId(Guid.Parse((await app.AuthenticateAsync(IdentityApp.OwnerKey))!.TenantId));
        Assert.Contains("@", Assert.Single((await app.GetOwnersAsync(account, "service"))!), StringComparison.Ordinal);
        Assert.Empty((await app.GetOwnersAsync(TenantId.New(TimeProvider.System.GetUtcNow()), "service"))!);
        Assert.Null(await app.GetOwnersAsync(account, "owner"));
    }

    [Fact]
    public async Task A_name_left_out_is_named_in_the_answer()
    {
        using var owner = await app.ClientForAsync(IdentityApp.OwnerKey);
        using var response = await owner.PostAsJsonAsync("/api/v1/identity/keys", new { name = "" });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("VALIDATION_ERROR", problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _));
    }

    [Fact]
    public Task Every_table_of_a_tenant_forces_row_level_security() => TenantTables.AssertIsolatedAsync(app.TestDatabase);
}
