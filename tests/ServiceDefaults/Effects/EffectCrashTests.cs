using Dapper;

namespace Empire.Tests.Effects;

/// <summary>A process killed between any two steps, and one that comes after it.</summary>
public sealed class EffectCrashTests
{
    [Theory]
    [InlineData("effects.claimed", Protection.LookUp, "succeeded", 1)]
    [InlineData("effects.performed", Protection.LookUp, "succeeded", 1)]
    [InlineData("effects.performed", Protection.Key, "succeeded", 1)]
    [InlineData("effects.performed", Protection.None, "held", 1)]
    [InlineData("effects.settling", Protection.LookUp, "succeeded", 1)]
    [InlineData("effects.settled", Protection.None, "succeeded", 1)]
    public async Task Killed_there_the_letter_is_sent_once_and_recorded_once(string point, Protection protection, string state, int sent)
    {
        await using var shop = new LetterShop();
        await shop.InitializeAsync();
        await shop.PlanAsync(new("x", protection));
        await DieAtAsync(shop, point);
        await using var next = LetterProcess.Start(shop);
        await shop.SettledAsync("x", state);
        Assert.Equal(sent, shop.Office.Sent("x"));
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        Assert.Equal(state == "held" ? 0 : 1, await owner.QuerySingleAsync<int>("select count(*)::int from letters"));
    }

    [Fact]
    public async Task Killed_after_a_probe_the_provider_is_asked_again()
    {
        await using var shop = new LetterShop();
        await shop.InitializeAsync();
        shop.Office.Script("x", Fault.CutAfter);
        await shop.PlanAsync(new("x", Protection.LookUp));
        await DieAtAsync(shop, "effects.probed");
        await using var next = LetterProcess.Start(shop);
        await shop.SettledAsync("x", "succeeded");
        Assert.Equal(1, shop.Office.Sent("x"));
    }

    [Fact]
    public async Task Killed_at_every_probe_it_is_not_asked_for_ever_but_shown_to_a_person()
    {
        await using var shop = new LetterShop();
        await shop.InitializeAsync();
        shop.Office.Script("x", Fault.CutAfter);
        await shop.PlanAsync(new("x", Protection.LookUp));
        await DieAtAsync(shop, "effects.probed");
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        Assert.Equal(1, await owner.QuerySingleAsync<int>("select failed_probes from kernel.effects where key = 'x'")); // counted before it was known how it ends
        await owner.ExecuteAsync("update kernel.effects set failed_probes = 8 where key = 'x'");
        await using var next = LetterProcess.Start(shop);
        await shop.SettledAsync("x", "held");
        Assert.Contains("process ended", await owner.QuerySingleAsync<string>("select detail from kernel.effects where key = 'x'"), StringComparison.Ordinal);
    }

    private static async Task DieAtAsync(LetterShop shop, string point)
    {
        var faults = Directory.CreateTempSubdirectory("faults-").FullName;
        await File.WriteAllTextAsync(Path.Combine(faults, point), "0");
        await using (var doomed = LetterProcess.Start(shop, faults))
        {
            await doomed.EndedAsync();
            Assert.Equal(137, doomed.ExitCode); // SIGKILL
        }
        Directory.Delete(faults, recursive: true);
    }
}
