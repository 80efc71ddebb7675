using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Identity.Tests.Vault;

/// <summary>What other services say of credentials: tokens of stores, and the installation's own keys at providers.</summary>
public sealed class CredentialAlertTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task What_publishing_says_of_a_store_s_token_is_among_the_account_s_security_events_once_and_in_no_other_s()
    {
        var (tenant, store, now) = (await app.AccountAsync(), Guid.CreateVersion7(), app.Clock.GetUtcNow());
        await SayAsync(tenant, new CredentialAged
        {
            TenantId = tenant.Value, CredentialId = store, Provider = "shopify", Name = "Paper Lamps", Kept = "store", Class = "platform", SetAt = now.AddDays(-91), OccurredAt = now,
        });
        await SayAsync(tenant, new CredentialUseJumped
        {
            TenantId = tenant.Value, CredentialId = store, Provider = "shopify", Name = "Paper Lamps", Kept = "store", Uses = 30, Usual = 3, OccurredAt = now,
        });
        await Eventually.EqualAsync(2, async () => (await EventsAsync(tenant)).Count);
        var events = (await EventsAsync(tenant)).ToDictionary(e => e.Text("kind"));
        Assert.All(events.Values, e => Assert.Equal($"store_{store:n}", e.Text("entity_id")));
        Assert.Contains("The token of the store 'Paper Lamps' of shopify is 91 days old", events["credential-aged"].Text("detail"), StringComparison.Ordinal);
        Assert.Equal(30, events["credential-use-jumped"].GetProperty("details").GetProperty("uses").GetInt32());
        Assert.Empty(await EventsAsync(await app.AccountAsync()));
    }

    [Theory]
    [InlineData("llm", 30)]
    [InlineData("gateway", 30)]
    [InlineData("platform", 91)]
    public async Task A_key_of_the_installation_past_its_age_is_told_once_to_whoever_runs_it(string kind, int days)
    {
        var variable = $"{kind.ToUpperInvariant()}_KEY_OF_ONE";
        await SeenAsync(variable, kind, "aaaa", day: 0);
        await SeenAsync(variable, kind, "aaaa", day: days - 1);
        Assert.Empty(await AgedAsync(variable));
        await SeenAsync(variable, kind, "aaaa", day: days);
        await SeenAsync(variable, kind, "aaaa", day: days + 1);
        await SeenAsync(variable, kind, "aaaa", day: days + 1); // of two replicas
        var told = Assert.Single(await AgedAsync(variable));
        Assert.Equal((app.OperatorTenant.Value, "settings", "Provider", kind, Day(0)), (told.TenantId, told.Kept, told.Provider, told.Class, told.SetAt));
        await Eventually.TrueAsync(async () => (await EventsAsync(app.OperatorTenant)).Any(e => e.Text("entity_id") == variable));
        var alert = Assert.Single(await EventsAsync(app.OperatorTenant), e => e.Text("entity_id") == variable);
        Assert.Contains($"The key in {variable} is {days} days old", alert.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_begins_anew_and_a_replaced_one_is_not_told_of()
    {
        const string variable = "REPLACED_IN_TIME";
        await SeenAsync(variable, "llm", "aaaa", day: 0);
        await SeenAsync(variable, "llm", "aaaa", day: 29);
        await SeenAsync(variable, "llm", "bbbb", day: 29);
        await SeenAsync(variable, "llm", "bbbb", day: 58);
        await SeenAsync(variable, "llm", "aaaa", day: 28); // late, from before
        Assert.Empty(await AgedAsync(variable));
        await SeenAsync(variable, "llm", "bbbb", day: 59);
        Assert.Equal(Day(29), Assert.Single(await AgedAsync(variable)).SetAt);
    }

    [Fact]
    public async Task What_is_heard_in_another_order_comes_to_the_same()
    {
        const string variable = "OUT_OF_ORDER";
        await SeenAsync(variable, "gateway", "aaaa", day: 31);
        Assert.Empty(await AgedAsync(variable));
        await SeenAsync(variable, "gateway", "aaaa", day: 0);
        Assert.Equal((Day(0), Day(31)), (Assert.Single(await AgedAsync(variable)).SetAt, Assert.Single(await AgedAsync(variable)).OccurredAt));
    }

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset Day(int day) => Start.AddDays(day);

    /// <summary>As a service says it, and until identity has taken it.</summary>
    private async Task SeenAsync(string variable, string kind, string fingerprint, int day)
    {
        var before = await HandledAsync();
        await SayAsync(app.OperatorTenant, new ProviderKeySeen
        {
            TenantId = app.OperatorTenant.Value, Provider = "Provider", Variable = variable, Class = kind, Fingerprint = fingerprint, OccurredAt = Day(day),
        });
        await Eventually.EqualAsync(before + 1, HandledAsync);
    }

    private async Task<long> HandledAsync()
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<long>("select count(*) from kernel.inbox where queue like '%identity.provider-key-seen'");
    }

    private async Task SayAsync<TEvent>(TenantId tenant, TEvent fact) where TEvent : class
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        work.Publish(fact);
        await work.CommitAsync(default);
    }

    private async Task<List<CredentialAged>> AgedAsync(string variable) => [.. (await app.HeardAsync<CredentialAged>()).Where(e => e.Name == variable)];

    private async Task<List<JsonElement>> EventsAsync(TenantId tenant) =>
        [.. (await app.Of(tenant).GetFromJsonAsync<JsonElement>("/api/v1/identity/security-events?limit=100")).GetProperty("data").EnumerateArray()];
}
