using Dapper;
using Empire.Effects;

namespace Empire.Tests.Effects;

public sealed class EffectQuotaTests(LetterShop shop) : IClassFixture<LetterShop>
{
    [Fact]
    public async Task A_cap_holds_under_concurrent_planning()
    {
        var plans = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => shop.PlanAsync(new($"capped-{i}", Protection.None), due: Later, quotas: [new("letters", "today", 2, 15), new("stamps", "today", 1, 100)]))));
        Assert.Equal(7, plans.Count(refusal => refusal is null)); // 7 × 2 fit into 15
        Assert.All(plans.Where(refusal => refusal is not null), refusal => Assert.Equal("quota-used-up", refusal!.Code));
        Assert.Equal(14, await UsedAsync("letters"));
        Assert.Equal(7, await UsedAsync("stamps")); // a refused plan takes nothing anywhere
    }

    [Fact]
    public async Task A_refused_act_gives_its_share_back()
    {
        shop.Office.Script("refused", Fault.Refuse);
        await shop.PlanAsync(new("refused", Protection.None), quotas: [new("refusals", "today", 1, 1)]);
        await shop.StartReplicaAsync();
        await shop.SettledAsync("refused", "rejected");
        Assert.Equal(0, await UsedAsync("refusals"));
        Assert.Null(await shop.PlanAsync(new("next", Protection.None), quotas: [new("refusals", "today", 1, 1)]));
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task A_cancelled_plan_gives_its_share_back_and_a_repeated_one_takes_none()
    {
        QuotaToken[] one = [new("cancels", "today", 1, 5)];
        await shop.PlanAsync(new("c", Protection.None), due: Later, quotas: one);
        await shop.PlanAsync(new("c", Protection.None), due: Later, quotas: one);
        Assert.Equal(1, await UsedAsync("cancels"));
        await using var work = await shop.Database.BeginAsync(shop.Tenant, default);
        await work.CancelPlanAsync<Letter>("c");
        await work.CommitAsync(default);
        Assert.Equal(0, await UsedAsync("cancels"));
    }

    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow().AddHours(1);

    private async Task<long> UsedAsync(string quota)
    {
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<long>("select used from kernel.quotas where name = @quota", new { quota });
    }
}
