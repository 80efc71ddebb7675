using Empire.Hosting;
using Empire.Testing;
using Empire.Tests.Effects;
using Empire.Tiers;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;

namespace Empire.Tests.Tiers;

/// <summary>What a tier limits by number is never exceeded, whoever comes at once.</summary>
public sealed class TenantResourceTests : IAsyncLifetime
{
    private TestDatabase test = null!;

    private readonly TenantResources resources = new(
        new(new ConfigurationBuilder().AddInMemoryCollection([new("Tiers:free:Products", "5"), new("Tiers:free:Stores", "1"), new("Tiers:free:Campaigns", "2"), new("Tiers:free:StorageMegabytes", "100")]).Build()),
        new ThisService("shop", "1", "test"));

    public async ValueTask InitializeAsync() => test = await TestDatabase.CreateAsync("shop", typeof(Letter).Assembly);

    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Theory]
    [InlineData("products", 5, "The tier free allows 5 products.")]
    [InlineData("stores", 1, "The tier free allows 1 store.")]
    [InlineData("campaigns", 2, "The tier free allows 2 campaigns.")]
    public async Task One_more_than_the_tier_allows_is_refused_with_the_limit(string name, int limit, string reason)
    {
        var (tenant, resource) = (TenantId.New(TimeProvider.System.GetUtcNow()), TierResource.All.Single(resource => resource.Name == name));
        for (var i = 0; i < limit; i++) Assert.Null(await ClaimAsync(tenant, resource));
        var refusal = await ClaimAsync(tenant, resource);
        Assert.Equal("tier-limit-exceeded", refusal!.Code);
        Assert.StartsWith(reason, refusal.Detail, StringComparison.Ordinal);
        Assert.Null(await ClaimAsync(tenant, resource, tier: "enterprise")); // an upgrade lifts it at once
    }

    [Fact]
    public async Task What_is_removed_or_rolled_back_makes_room_again()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        await using (var work = await test.Database.BeginAsync(tenant, default)) Assert.Null(await resources.ClaimAsync(work, TierResource.Stores, "free", default)); // and fails afterwards
        Assert.Null(await ClaimAsync(tenant, TierResource.Stores));
        Assert.NotNull(await ClaimAsync(tenant, TierResource.Stores));
        await using (var work = await test.Database.BeginAsync(tenant, default))
        {
            await resources.ReleaseAsync(work, TierResource.Stores, default);
            await work.CommitAsync(default);
        }
        Assert.Null(await ClaimAsync(tenant, TierResource.Stores));
    }

    [Fact]
    public async Task Storage_is_counted_in_bytes_and_a_claim_larger_than_what_is_left_takes_nothing()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        Assert.NotNull(await ClaimAsync(tenant, TierResource.Storage, 100_000_001));
        Assert.Null(await ClaimAsync(tenant, TierResource.Storage, 99_999_999));
        Assert.Contains("100 MB", (await ClaimAsync(tenant, TierResource.Storage, 2))!.Detail, StringComparison.Ordinal);
        Assert.Null(await ClaimAsync(tenant, TierResource.Storage, 1));
    }

    /// <summary>Any mixture of claims and releases, all at once: never above the limit, and exactly what was granted less what was given back.</summary>
    [Fact]
    public void No_mixture_of_concurrent_claims_and_releases_overshoots() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(30),
        Prop.ForAll(Gen.Choose(1, 3).ListOf().ToArbitrary(), amounts => RunAsync([.. amounts]).GetAwaiter().GetResult()));

    private async Task<bool> RunAsync(int[] amounts)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var kept = await Task.WhenAll(amounts.Select(async (amount, i) =>
        {
            if (await ClaimAsync(tenant, TierResource.Products, amount) is not null) return 0;
            if (await UsedAsync(tenant) > 5) return 1000;
            if (i % 3 != 0) return amount;
            await using var work = await test.Database.BeginAsync(tenant, default);
            await resources.ReleaseAsync(work, TierResource.Products, default, amount);
            await work.CommitAsync(default);
            return 0;
        }));
        return await UsedAsync(tenant) == kept.Sum() && kept.Sum() <= 5;
    }

    private async Task<Refusal?> ClaimAsync(TenantId tenant, TierResource resource, long amount = 1, string tier = "free")
    {
        await using var work = await test.Database.BeginAsync(tenant, default);
        var refusal = await resources.ClaimAsync(work, resource, tier, default, amount);
        if (refusal is null) await work.CommitAsync(default);
        return refusal;
    }

    private async Task<long> UsedAsync(TenantId tenant)
    {
        await using var work = await test.Database.BeginAsync(tenant, default);
        return await work.QuerySingleOrDefaultAsync<long?>("select used from kernel.tenant_resources where resource = 'products'") ?? 0;
    }
}
