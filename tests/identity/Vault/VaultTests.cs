using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Contracts.V1;
using Empire.Credentials;
using Empire.Http;
using Empire.Identity.Vault;
using Empire.Security;
using Empire.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Vault;

public sealed class VaultTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private const string Secret = "shpat_0123456789abcdefTAIL";

    [Fact]
    public async Task The_database_holds_cipher_text_only_and_no_answer_shows_the_secret()
    {
        var tenant = await app.AccountAsync();
        var stored = await StoreAsync(tenant);
        app.Clock.Advance(TimeSpan.FromDays(3));
        await OpenAsync(tenant);
        var list = await app.Of(tenant).GetStringAsync("/api/v1/identity/credentials");
        Assert.DoesNotContain(Secret, list, StringComparison.Ordinal);
        var item = JsonDocument.Parse(list).RootElement.GetProperty("data")[0];
        Assert.Equal(("main", "shopify", "TAIL", 3), (item.Text("name"), item.Text("provider"), item.Text("last_four"), item.GetProperty("age_days").GetInt32()));
        Assert.Equal(app.Clock.GetUtcNow(), item.GetProperty("last_used_at").GetDateTimeOffset());
        Assert.Equal(new Sealer([Convert.FromBase64String(AccountsApp.FirstEncryptionKey)]).KeyId, item.Text("key_id"));
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var rows = (await owner.QueryAsync<string>("select credentials::text from credentials union all select audit::text from kernel.audit union all select body from heard")).AsList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.DoesNotContain("shpat_", row, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, stored.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_open_it_by_id_or_by_name_and_nobody_else_does()
    {
        var tenant = await app.AccountAsync();
        var id = (await StoreAsync(tenant)).Text("id");
        Assert.Equal(Secret, await OpenAsync(tenant));
        Assert.Equal(Secret, (await app.Grpc().OpenCredentialAsync(new() { CredentialId = id }, app.For(new(tenant, "service:publishing", "service")))).Value);
        var other = await app.AccountAsync();
        Assert.Equal(StatusCode.NotFound, await StatusAsync(new() { CredentialId = id }, new(other, "service:publishing", "service")));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(new() { CredentialId = id }, new(tenant, "user:owner", "owner")));
        Assert.Equal(StatusCode.NotFound, await StatusAsync(new() { Provider = "shopify", Name = "second" }, new(tenant, "service:publishing", "service")));
    }

    [Fact]
    public async Task A_value_moved_to_another_row_stays_shut()
    {
        var tenant = await app.AccountAsync();
        var (mine, theirs) = (Guid.Parse((await StoreAsync(tenant)).Text("id")[5..]), Guid.CreateVersion7());
        var sealer = new Sealer([Convert.FromBase64String(AccountsApp.FirstEncryptionKey)]);
        var row = await RowAsync(mine);
        Assert.Equal(Secret, row.Envelope.Open(sealer, mine));
        Assert.ThrowsAny<CryptographicException>(() => row.Envelope.Open(sealer, theirs));
    }

    [Theory]
    [InlineData("llm", 30)]
    [InlineData("gateway", 30)]
    [InlineData("platform", 91)]
    public async Task A_credential_past_its_age_is_said_once_and_again_only_for_a_new_value(string kind, int days)
    {
        var tenant = await app.AccountAsync();
        var id = (await StoreAsync(tenant, kind)).Text("id");
        app.Clock.Advance(TimeSpan.FromDays(days) - TimeSpan.FromMinutes(1));
        await Watch.TellAgedAsync(default);
        Assert.Empty(await AgedAsync(tenant));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var turn = 0; turn < 2; turn++) await Watch.TellAgedAsync(default);
        await Eventually.EqualAsync(1, async () => (await AgedAsync(tenant)).Count); // the worker of the service may be at it itself
        Assert.Equal(kind, Assert.Single(await AgedAsync(tenant)).Class);
        await Eventually.EqualAsync(1, async () => (await EventsAsync(tenant, "credential-aged")).Count);
        Assert.Equal(id, Assert.Single(await EventsAsync(tenant, "credential-aged")).Text("entity_id"));
        using var replaced = await app.Of(tenant).PutAsJsonAsync($"/api/v1/identity/credentials/{id}/value", new { value = "another" });
        Assert.Equal(HttpStatusCode.NoContent, replaced.StatusCode);
        Assert.Equal("another", await OpenAsync(tenant));
        await Watch.TellAgedAsync(default);
        Assert.Single(await AgedAsync(tenant));
    }

    [Fact]
    public async Task A_tenfold_jump_in_use_is_said_once_a_day_and_steady_use_never()
    {
        var tenant = await app.AccountAsync();
        await StoreAsync(tenant);
        for (var use = 0; use < 30; use++) await OpenAsync(tenant); // new: nothing to compare with
        Assert.Empty(await JumpsAsync(tenant));
        for (var day = 0; day < 8; day++)
        {
            app.Clock.Advance(TimeSpan.FromDays(1));
            for (var use = 0; use < 3; use++) await OpenAsync(tenant);
        }
        app.Clock.Advance(TimeSpan.FromDays(1));
        for (var use = 0; use < 29; use++) await OpenAsync(tenant);
        Assert.Empty(await JumpsAsync(tenant));
        for (var use = 0; use < 5; use++) await OpenAsync(tenant);
        var jump = Assert.Single(await JumpsAsync(tenant));
        Assert.Equal((30, 3m), (jump.Uses, jump.Usual));
        await Eventually.EqualAsync(1, async () => (await EventsAsync(tenant, "credential-use-jumped")).Count);
    }

    [Fact]
    public async Task In_the_week_after_its_first_use_a_credential_s_use_cannot_jump()
    {
        var tenant = await app.AccountAsync();
        await StoreAsync(tenant);
        app.Clock.Advance(TimeSpan.FromDays(30));   // stored long before it is used
        for (var use = 0; use < 10; use++) await OpenAsync(tenant);
        app.Clock.Advance(TimeSpan.FromDays(1));
        for (var use = 0; use < 21; use++) await OpenAsync(tenant);   // twice of yesterday, not fifteen times
        Assert.Empty(await JumpsAsync(tenant));
        app.Clock.Advance(TimeSpan.FromDays(6));
        for (var use = 0; use < 45; use++) await OpenAsync(tenant);
        var jump = Assert.Single(await JumpsAsync(tenant));   // 31 in the week before: at ten times 4.4
        Assert.Equal((45, 4.43m), (jump.Uses, decimal.Round(jump.Usual, 2)));
    }

    [Fact]
    public async Task A_name_is_taken_once_and_credentials_are_for_owners_and_admins_of_their_account()
    {
        var tenant = await app.AccountAsync();
        var id = (await StoreAsync(tenant)).Text("id");
        using var twice = await app.Of(tenant).PostAsJsonAsync("/api/v1/identity/credentials", new { name = "main", provider = "shopify", @class = "platform", value = "x" });
        Assert.Equal((HttpStatusCode.Conflict, "CREDENTIAL_EXISTS"), (twice.StatusCode, await twice.CodeAsync()));
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant, "member").GetAsync(new Uri("/api/v1/identity/credentials", UriKind.Relative))).StatusCode);
        var other = app.Of(await app.AccountAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsJsonAsync($"/api/v1/identity/credentials/{id}/value", new { value = "theirs" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(new Uri($"/api/v1/identity/credentials/{id}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Of(tenant).DeleteAsync(new Uri($"/api/v1/identity/credentials/{id}", UriKind.Relative))).StatusCode);
        Assert.Equal(StatusCode.NotFound, await StatusAsync(new() { CredentialId = id }, new(tenant, "service:publishing", "service")));
    }

    private async Task<JsonElement> StoreAsync(TenantId tenant, string kind = "platform")
    {
        using var answer = await app.Of(tenant).PostAsJsonAsync("/api/v1/identity/credentials", new { name = "main", provider = "shopify", @class = kind, value = Secret });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private async Task<string> OpenAsync(TenantId tenant) =>
        (await app.Grpc().OpenCredentialAsync(new() { Provider = "shopify", Name = "main" }, app.For(new(tenant, "service:publishing", "service")))).Value;

    private async Task<StatusCode> StatusAsync(OpenCredentialRequest request, Caller caller) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await app.Grpc().OpenCredentialAsync(request, app.For(caller)))).StatusCode;

    private CredentialWatch Watch => app.Services.GetRequiredService<CredentialWatch>();

    private async Task<List<JsonElement>> EventsAsync(TenantId tenant, string kind) =>
        [.. (await app.Of(tenant).GetFromJsonAsync<JsonElement>($"/api/v1/identity/security-events?kind={kind}")).GetProperty("data").EnumerateArray()];

    private async Task<SealedCredential> RowAsync(Guid id)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<SealedCredential>("select id, name, provider, wrapped_key, sealed_value from credentials where id = @id", new { id });
    }

    private async Task<List<CredentialAged>> AgedAsync(TenantId tenant) => [.. (await app.HeardAsync<CredentialAged>()).Where(e => e.TenantId == tenant.Value)];

    private async Task<List<CredentialUseJumped>> JumpsAsync(TenantId tenant) => [.. (await app.HeardAsync<CredentialUseJumped>()).Where(e => e.TenantId == tenant.Value)];
}
