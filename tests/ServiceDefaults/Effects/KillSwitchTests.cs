using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.Tests.Effects;

public sealed class KillSwitchTests(LetterShop shop) : IClassFixture<LetterShop>
{
    [Fact]
    public async Task Halting_stops_new_acts_in_every_replica_and_resuming_lets_them_go()
    {
        var one = await shop.StartReplicaAsync("--Effects:Concurrency=2");
        await shop.StartReplicaAsync("--Effects:Concurrency=2");
        for (var i = 0; i < 60; i++)
        {
            shop.Office.Script($"k{i}", Fault.PauseBefore);
            await shop.PlanAsync(new($"k{i}", Protection.None));
        }
        await Eventually.TrueAsync(() => Sent() > 0);
        using var operators = one.As(isOperator: true);
        Assert.Equal(HttpStatusCode.OK, (await operators.PostAsJsonAsync("/api/v1/shop/effects/halt", new { reason = "wrong address list" })).StatusCode);
        var arrivedWithinASecond = await ArrivedAfterAsync(TimeSpan.FromSeconds(1));
        var later = await ArrivedAfterAsync(TimeSpan.FromSeconds(1));
        Assert.True(arrivedWithinASecond < 60, "all were sent before the halt: the test proves nothing");
        Assert.Equal(arrivedWithinASecond, later);
        await operators.PostAsJsonAsync("/api/v1/shop/effects/resume", new { });
        await Eventually.TrueAsync(() => Sent() == 60);
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task Only_the_operator_turns_it_and_must_say_why()
    {
        var replica = await shop.StartReplicaAsync();
        using var owner = replica.As("owner");
        var refused = await owner.PostAsJsonAsync("/api/v1/shop/effects/halt", new { reason = "because" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var operators = replica.As(isOperator: true);
        var silent = await operators.PostAsJsonAsync("/api/v1/shop/effects/halt", new { });
        Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        Assert.True((await silent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("reason", out _));
        var state = await owner.GetFromJsonAsync<JsonElement>("/api/v1/shop/effects/switch");
        Assert.False(state.GetProperty("halted").GetBoolean());
        await shop.StopReplicasAsync();
    }

    private int Sent() => Enumerable.Range(0, 60).Sum(i => shop.Office.Arrived($"k{i}"));

    /// <summary>The acts begun once the given time has gone by: the fact under test is about time, so time must pass.</summary>
    private async Task<int> ArrivedAfterAsync(TimeSpan wait)
    {
        var started = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(started) >= wait);
        return Sent();
    }
}
