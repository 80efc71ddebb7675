using Dapper;
using Empire.Data;
using Empire.Effects;
using Empire.Http;

namespace Empire.Tests.Effects;

/// <param name="Lost">Its first attempt ends without an answer, so that the provider is to be asked.</param>
public sealed record Wire(string Name, bool Lost);

/// <summary>A transfer through a provider that has been switched off since it was planned.</summary>
public sealed class SendWire : EffectHandler<Wire>
{
    public override Task<EffectOutcome> PerformAsync(EffectAttempt<Wire> attempt, CancellationToken ct) =>
        throw (attempt.Intent.Lost ? new ProviderException("Bank", null, "cut off") : ProviderException.SwitchedOff("Bank"));

    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<Wire> attempt, CancellationToken ct) => throw ProviderException.SwitchedOff("Bank");

    public override Task SettledAsync(EffectSettled<Wire> settled, Work work, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>What becomes of effects whose provider was switched off after they were planned.</summary>
public sealed class ProviderOffEffectTests(LetterShop shop) : IClassFixture<LetterShop>
{
    [Theory]
    [InlineData(false, "rejected", "Bank is switched off")]
    [InlineData(true, "held", "Whether it happened cannot be asked: Bank is switched off")]
    public async Task What_was_not_done_is_refused_at_once_and_what_nobody_can_tell_is_held_at_once(bool lost, string state, string detail)
    {
        await using var replica = await TestSite.StartAsync(_ => { }, builder =>
        {
            builder.AddDatabase("shop");
            builder.AddEffects();
            builder.Services.AddEffect<SendWire, Wire>("test.wire");
        }, [$"--ConnectionStrings:shop={shop.Test.ConnectionString}", .. LetterShop.QuickTimes, "--LOG_LEVEL=CRITICAL"]);
        var key = $"wire-{lost}";
        await using (var work = await shop.Database.BeginAsync(shop.Tenant, default))
        {
            await work.PlanAsync(new EffectPlan<Wire>(key, new(key, lost)));
            await work.CommitAsync(default);
        }
        await shop.SettledAsync(key, state);
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        var (attempts, why) = await owner.QuerySingleAsync<(int, string)>("select attempts, detail from kernel.effects where key = @key", new { key });
        Assert.Equal(1, attempts);
        Assert.StartsWith(detail, why, StringComparison.Ordinal);
    }
}
