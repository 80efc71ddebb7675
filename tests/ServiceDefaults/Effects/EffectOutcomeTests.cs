using Dapper;

namespace Empire.Tests.Effects;

/// <summary>One letter at a time: where each fault leads under each protection.</summary>
public sealed class EffectOutcomeTests(LetterShop shop) : IClassFixture<LetterShop>
{
    [Theory]
    [InlineData(Protection.None, Fault.None, "succeeded", 1)]
    [InlineData(Protection.None, Fault.Busy, "succeeded", 1)]
    [InlineData(Protection.None, Fault.Refuse, "rejected", 0)]
    [InlineData(Protection.None, Fault.CutAfter, "held", 1)]
    [InlineData(Protection.None, Fault.CutBefore, "held", 0)]
    [InlineData(Protection.None, Fault.SilentAfter, "held", 1)]
    [InlineData(Protection.LookUp, Fault.CutAfter, "succeeded", 1)]
    [InlineData(Protection.LookUp, Fault.CutBefore, "succeeded", 1)]
    [InlineData(Protection.LookUp, Fault.SilentAfter, "succeeded", 1)]
    [InlineData(Protection.LookUp, Fault.FailAfter, "succeeded", 1)]
    [InlineData(Protection.Key, Fault.CutAfter, "succeeded", 1)]
    [InlineData(Protection.Key, Fault.FailBefore, "succeeded", 1)]
    [InlineData(Protection.Key, Fault.SilentAfter, "succeeded", 1)]
    public async Task A_fault_ends_in_one_act_or_before_a_person(Protection protection, Fault fault, string state, int acts)
    {
        await shop.StartReplicaAsync(fault == Fault.SilentAfter ? LetterShop.Impatient : []);
        var letter = new Letter($"{protection}-{fault}", protection);
        shop.Office.Script(letter.Name, fault);
        await shop.PlanAsync(letter);
        await shop.SettledAsync(letter.Name, state);
        Assert.Equal(acts, shop.Office.Sent(letter.Name));
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task An_act_planned_twice_under_one_key_happens_once()
    {
        await shop.StartReplicaAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.PlanAsync(new("same", Protection.None))));
        await shop.SettledAsync("same", "succeeded");
        await shop.PlanAsync(new("same", Protection.None));
        Assert.Equal(1, shop.Office.Sent("same"));
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task The_outcome_reaches_the_handlers_own_table_in_the_same_transaction()
    {
        await shop.StartReplicaAsync();
        await shop.PlanAsync(new("recorded", Protection.None));
        await shop.SettledAsync("recorded", "succeeded");
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        var (succeeded, reference) = await owner.QuerySingleAsync<(bool, string)>(
            "select l.succeeded, l.reference from letters l join kernel.effects e on e.id = l.effect_id where e.key = 'recorded'");
        Assert.True(succeeded);
        Assert.Equal("no-recorded", reference);
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task A_provider_that_never_takes_it_is_held_after_the_last_attempt()
    {
        shop.Office.Script("busy", [.. Enumerable.Repeat(Fault.Busy, 10)]);
        await shop.PlanAsync(new("busy", Protection.None));
        await shop.StartReplicaAsync("--Effects:MaxAttempts=3");
        await shop.SettledAsync("busy", "held");
        Assert.Equal(0, shop.Office.Sent("busy"));
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task A_cancelled_plan_never_starts()
    {
        await shop.PlanAsync(new("cancelled", Protection.None), due: TimeProvider.System.GetUtcNow().AddHours(1));
        await using (var work = await shop.Database.BeginAsync(shop.Tenant, default))
        {
            Assert.True(await work.CancelPlanAsync<Letter>("cancelled"));
            Assert.False(await work.CancelPlanAsync<Letter>("cancelled"));
            await work.CommitAsync(default);
        }
        Assert.Equal("cancelled", await shop.StateAsync("cancelled"));
    }
}
