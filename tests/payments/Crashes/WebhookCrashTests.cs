using System.Collections.Concurrent;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process killed under a stream of webhooks: what was answered 200 is there, and what was not comes again and is taken once.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class WebhookCrashTests(MortalMarket market)
{
    private const int Events = 120, MostEvents = 4_000, Senders = 12;

    public static TheoryData<string, int> All
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (var point in (string[])["payments.event-stored", "work.before-commit", "work.committed"])
                foreach (var passes in (int[])[0, 3, 11]) all.Add(point, passes);
            foreach (var point in (string[])["payments.before-settled", "payments.settled"]) // several objects share one of these transactions
                foreach (var passes in (int[])[0, 1, 4]) all.Add(point, passes);
            return all;
        }
    }

    [Theory, InlineData("payments.event-stored", 2)]
    public Task Killed_there_no_webhook_that_was_answered_is_lost(string point, int passes) => KeptAsync(() => market.ArmAsync(point, passes));

    [Theory, MemberData(nameof(All)), Trait("Category", "chaos")]
    public Task Killed_anywhere_no_webhook_that_was_answered_is_lost(string point, int passes) => KeptAsync(() => market.ArmAsync(point, passes));

    [Theory, InlineData(1), InlineData(20), InlineData(60), InlineData(100), Trait("Category", "chaos")]
    public Task Killed_from_outside_no_webhook_that_was_answered_is_lost(int afterAnswers) => KeptAsync(() => Task.CompletedTask, afterAnswers);

    private async Task KeptAsync(Func<Task> arm, int? killAfter = null)
    {
        await market.QuietAsync();
        var (deaths, run) = (market.Deaths, Guid.CreateVersion7().ToString("N"));
        var (answered, sent) = (new ConcurrentDictionary<string, bool>(), new ConcurrentBag<string>());
        var (number, count) = (0, 0);
        await arm();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            while (Interlocked.Increment(ref number) is var next && (next <= Events || (market.Deaths == deaths && next <= MostEvents))) // on a busy machine it dies later
            {
                var id = $"evt_{run}_{next}";
                sent.Add(id);
                if (!await DeliverAsync(id)) continue;
                answered[id] = true;
                if (Interlocked.Increment(ref count) == killAfter) market.Kill();
            }
        }));
        await market.DiedAndBackAsync(deaths);
        var stored = await market.ReadAllAsync<string>("select event_id from provider_events where event_id like @like", new { like = $"evt_{run}_%" });
        Assert.Empty(answered.Keys.Except(stored));
        Assert.True(answered.Count < sent.Count, "All were answered: it died too late to prove anything.");

        foreach (var id in sent.Where(id => !answered.ContainsKey(id))) Assert.True(await DeliverAsync(id), id);
        await market.QuietAsync();
        Assert.Equal(sent.Count, await market.ReadAsync<int>("select count(*)::int from provider_events where event_id like @like", new { like = $"evt_{run}_%" }));
    }

    /// <summary>Of a charge of its own, whose refunds are then asked for: Stripe has none.</summary>
    private async Task<bool> DeliverAsync(string id)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var webhook = PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent(id, "charge.refunded", new { id = $"ch_{id}", @object = "charge" }, now), now);
        return await market.DeliverAsync(webhook);
    }
}
