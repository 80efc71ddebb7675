using Empire.Contracts;
using Empire.Identity.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Usage;

/// <summary>An account has the tier that it has paid for.</summary>
public sealed class SubscriptionChangedTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task The_tier_follows_and_the_later_word_holds_whichever_comes_first()
    {
        var tenant = await app.AccountAsync();
        var now = app.Clock.GetUtcNow();
        await TellAsync(tenant, "professional", "active", now.AddMinutes(2));
        await TellAsync(tenant, "free", "cancelled", now.AddMinutes(1)); // older, and late
        Assert.Equal(("professional", "active"), await StandsAsync(tenant));
        await TellAsync(tenant, "professional", "active", now.AddMinutes(2)); // again
        await TellAsync(tenant, "professional", "past_due", now.AddMinutes(3));
        Assert.Equal(("professional", "past_due"), await StandsAsync(tenant));
        await TellAsync(tenant, "free", "cancelled", now.AddMinutes(4));
        Assert.Equal(("free", "cancelled"), await StandsAsync(tenant));
        Assert.Equal([("professional", "free"), ("free", "professional")], (await app.HeardAsync<TierChanged>()).Where(change => change.TenantId == tenant.Value).Select(change => (change.Tier, change.Before)));
    }

    [Fact]
    public async Task Whoever_runs_the_installation_keeps_their_tier()
    {
        var before = await StandsAsync(app.OperatorTenant);
        await TellAsync(app.OperatorTenant, "free", "cancelled", app.Clock.GetUtcNow().AddYears(1));
        Assert.Equal(before, await StandsAsync(app.OperatorTenant));
    }

    private async Task TellAsync(TenantId tenant, string tier, string status, DateTimeOffset at)
    {
        await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
        await ActivatorUtilities.CreateInstance<SubscriptionChangedHandler>(app.Services).HandleAsync(
            new() { TenantId = tenant.Value, CustomerId = Guid.CreateVersion7(), Email = "a@example.com", Tier = tier, Before = "free", Status = status, OccurredAt = at }, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task<(string Tier, string Status)> StandsAsync(TenantId tenant)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return await Dapper.SqlMapper.QuerySingleAsync<(string, string)>(owner, "select tier, subscription_status from tenants where tenant_id = @tenant", new { tenant = tenant.Value });
    }
}
