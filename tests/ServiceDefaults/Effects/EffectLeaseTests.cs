using Dapper;
using Empire.Effects;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Effects;

/// <summary>Take-over between workers, and the word of one that comes back from the dead.</summary>
public sealed class EffectLeaseTests : IAsyncLifetime
{
    private readonly LetterShop shop = new();

    public ValueTask InitializeAsync() => shop.InitializeAsync();
    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Theory]
    [InlineData(false, 1)] // died before acting: the probe finds nothing, so it is sent
    [InlineData(true, 1)] // died after acting: the probe finds it
    public async Task An_abandoned_act_is_asked_about_and_done_once(bool afterActing, int sent)
    {
        var letter = new Letter($"abandoned-{afterActing}", Protection.LookUp);
        await shop.PlanAsync(letter);
        await shop.DieWhilePerformingAsync(1, afterActing);
        await shop.StartReplicaAsync();
        await shop.SettledAsync(letter.Name, "succeeded");
        Assert.Equal(sent, shop.Office.Sent(letter.Name));
    }

    [Fact]
    public async Task A_call_longer_than_the_lease_keeps_it_and_nobody_takes_over()
    {
        var letter = new Letter("slow", Protection.LookUp);
        shop.Office.Script(letter.Name, Fault.SlowAfter);
        await shop.PlanAsync(letter);
        string[] patient = ["--Effects:CallTimeout=00:00:20", "--Effects:Lease=00:00:01"];
        await shop.StartReplicaAsync(patient);
        await shop.StartReplicaAsync(patient);
        await shop.SettledAsync(letter.Name, "succeeded");
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        var (attempts, probes) = await owner.QuerySingleAsync<(int, int)>("select attempts, probes from kernel.effects where key = 'slow'");
        Assert.Equal((1, 0), (attempts, probes));
    }

    [Fact]
    public async Task A_call_is_given_up_before_its_lease_ends_also_where_the_database_is_silent()
    {
        var letter = new Letter("silent", Protection.LookUp);
        shop.Office.Script(letter.Name, Fault.SilentAfter);
        await shop.PlanAsync(letter);
        await shop.StartReplicaAsync("--Effects:CallTimeout=00:01:00", "--Effects:Lease=00:00:01");
        await Eventually.TrueAsync(() => shop.Office.Arrived(letter.Name) == 1);
        await using (var owner = await shop.Test.OpenAsOwnerAsync())
        {
            await using var silence = await owner.BeginTransactionAsync();
            await owner.ExecuteAsync("lock table kernel.effects", transaction: silence);   // whoever asks now gets no answer, and no error
            await Eventually.TrueAsync(() => shop.Office.IsGivenUp(letter.Name), TimeSpan.FromSeconds(15));
        }
        await shop.SettledAsync(letter.Name, "succeeded");
        Assert.Equal(1, shop.Office.Sent(letter.Name));
    }

    [Fact]
    public async Task A_late_answer_settles_what_was_held_meanwhile_and_is_ignored_once_it_is_settled()
    {
        await shop.PlanAsync(new("late", Protection.None));
        var frozen = Assert.Single(await new EffectClaims(shop.Database, TimeProvider.System).ClaimAsync(["test.letter"], 1, "frozen", TimeSpan.Zero, default));
        var replica = await shop.StartReplicaAsync();
        await shop.SettledAsync("late", "held"); // the provider could not tell
        var settlement = replica.Services.GetRequiredService<EffectSettlement>();
        var driver = replica.Services.GetRequiredService<EffectDrivers>()["test.letter"];
        await using var scope = replica.Services.CreateAsyncScope();
        Assert.True(await settlement.SettleAsync(frozen, new(true, "no-late", null), driver, scope.ServiceProvider, default));
        Assert.Equal("succeeded", await shop.StateAsync("late"));
        Assert.False(await settlement.SettleAsync(frozen, new(false, null, "refused"), driver, scope.ServiceProvider, default));
        await settlement.MarkUnknownAsync(frozen, TimeProvider.System.GetUtcNow(), "too late", default);
        Assert.Equal("succeeded", await shop.StateAsync("late"));
    }

    [Fact]
    public async Task A_long_queue_of_one_tenant_does_not_hold_up_another()
    {
        var (busy, quiet) = (shop.Tenant, TenantId.New(TimeProvider.System.GetUtcNow()));
        for (var i = 0; i < 20; i++) await shop.PlanAsync(new($"busy-{i}", Protection.None), busy);
        await shop.PlanAsync(new("quiet", Protection.None), quiet);
        var claims = await new EffectClaims(shop.Database, TimeProvider.System).ClaimAsync(["test.letter"], 4, "w", TimeSpan.FromMinutes(5), default);
        Assert.Contains(claims, claim => claim.Tenant == quiet);
        Assert.Equal(4, claims.Count);
    }

    [Fact]
    public async Task An_answer_that_could_not_be_recorded_is_kept_and_the_provider_not_asked_again()
    {
        await using (var owner = await shop.Test.OpenAsOwnerAsync())
            await owner.ExecuteAsync("alter table letters add constraint refuses_broken check (reference is distinct from 'no-broken')");
        await shop.PlanAsync(new("broken", Protection.None));
        await shop.StartReplicaAsync();
        await using (var owner = await shop.Test.OpenAsOwnerAsync())
        {
            await Eventually.TrueAsync(async () => await owner.QuerySingleAsync<bool>("select answer is not null from kernel.effects where key = 'broken'"));
            await owner.ExecuteAsync("alter table letters drop constraint refuses_broken");
        }
        await shop.SettledAsync("broken", "succeeded");
        Assert.Equal(1, shop.Office.Sent("broken"));
    }
}
