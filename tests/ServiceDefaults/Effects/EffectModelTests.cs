using Dapper;
using Empire.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Empire.Tests.Effects;

/// <summary>Random letters with random faults, a share of them abandoned by a process that died, and two replicas at once, against rules that hold whatever happens.</summary>
public sealed class EffectModelTests
{
    /// <summary>When the process that first claimed the letters died.</summary>
    private enum Death { None, BeforeActing, AfterActing }

    private sealed record Mail(Protection Protection, Fault[] Script);
    private sealed record Scenario(Mail[] Mails, Death Death, int Doomed);

    /// <summary>Less than a slow answer takes, and more than a machine that stands still.</summary>
    private static readonly string[] Patience = ["--Effects:CallTimeout=00:00:02.5", "--Effects:Lease=00:00:08"];

    private static readonly Gen<Mail> Mails =
        from protection in Gen.Elements(Enum.GetValues<Protection>())
        from faults in Gen.ListOf(Gen.Elements(Enum.GetValues<Fault>()), 3)
        from length in Gen.Choose(0, 3)
        select new Mail(protection, [.. faults.Take(length)]);

    private static readonly Gen<Scenario> Scenarios =
        from mails in Gen.ArrayOf(Mails, 24)
        from death in Gen.Elements(Enum.GetValues<Death>())
        from doomed in Gen.Choose(1, 12)
        select new Scenario(mails, death, doomed);

    [Fact]
    public void Nothing_is_done_twice_nothing_is_lost_and_a_person_is_asked_only_where_the_provider_cannot_tell() =>
        Prop.ForAll(Scenarios.ToArbitrary(), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(6));

    private static bool Holds(Scenario scenario) => HoldsAsync(scenario).GetAwaiter().GetResult(); // FsCheck's own loop is not async

    private static async Task<bool> HoldsAsync(Scenario scenario)
    {
        await using var shop = new LetterShop();
        await shop.InitializeAsync();
        for (var i = 0; i < scenario.Mails.Length; i++)
        {
            shop.Office.Script($"l{i}", scenario.Mails[i].Script);
            await shop.PlanAsync(new($"l{i}", scenario.Mails[i].Protection));
        }
        var doomed = scenario.Death == Death.None ? [] : await shop.DieWhilePerformingAsync(scenario.Doomed, scenario.Death == Death.AfterActing);
        await shop.StartReplicaAsync(Patience);
        await shop.StartReplicaAsync(Patience);
        await Eventually.TrueAsync(async () => (await shop.StatesAsync()).Values.All(state => state is "succeeded" or "rejected" or "held"), TimeSpan.FromSeconds(60));
        var states = await shop.StatesAsync();
        for (var i = 0; i < scenario.Mails.Length; i++)
        {
            var (mail, state, sent) = (scenario.Mails[i], states[$"l{i}"], shop.Office.Sent($"l{i}"));
            var fault = state switch
            {
                _ when sent > 1 => $"was sent {sent} times",
                "succeeded" when sent != 1 => "is said to have been sent and was not",
                "rejected" when sent != 0 => "is said to have been refused and was sent",
                "held" when mail.Protection != Protection.None => "is held although its provider can tell",
                "held" when !doomed.Contains($"l{i}") && mail.Script.All(f => f is Fault.None or Fault.Busy or Fault.Refuse) => "is held although every outcome was known",
                _ => null,
            };
            if (fault is not null) throw new InvalidOperationException($"Letter {i} ({mail.Protection}; {string.Join(", ", mail.Script)}) {fault}; it is {state}.");
        }
        await AssertRecordedOnceAsync(shop, states);
        return true;
    }

    private static async Task AssertRecordedOnceAsync(LetterShop shop, IReadOnlyDictionary<string, string> states)
    {
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        var recorded = await owner.QuerySingleAsync<int>("select count(*)::int from letters");
        Assert.Equal(states.Values.Count(state => state is "succeeded" or "rejected"), recorded);
    }
}
