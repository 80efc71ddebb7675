using Empire.Testing;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process that really ends while it takes something in: that it was taken up is known afterwards.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class TakingCrashTests(MortalMarket market)
{
    [Fact]
    public async Task Killed_for_the_fifth_time_while_it_is_taken_in_it_is_laid_aside_and_a_person_told()
    {
        await market.QuietAsync();
        var (deaths, id) = (market.Deaths, $"evt_{Guid.CreateVersion7():N}");
        await market.ReadAsync<int>(
            $"""
            create function had_four() returns trigger language plpgsql as $$ begin new.takings := 4; return new; end $$;
            create trigger had_four before insert on provider_tasks for each row when (new.subject = '{id}') execute function had_four();
            select 1
            """);
        await market.ArmAsync("payments.taking");
        var now = TimeProvider.System.GetUtcNow();
        using (var webhook = PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent(id, "charge.succeeded", new { id = $"ch_{id}", @object = "charge", payment_intent = $"pi_{id}", amount = 100, currency = "usd", paid = true, captured = true, created = now.ToUnixTimeSeconds() }, now), now))
            await market.DeliverAsync(webhook);
        await market.DiedAndBackAsync(deaths);
        await Eventually.EqualAsync("The process ended 5 times while this was taken in.", () => market.ReadAsync<string>("select problem from provider_tasks where subject = @id and parked", new { id }));
        await market.ReadAsync<int>("drop trigger had_four on provider_tasks; drop function had_four(); delete from provider_tasks where subject = @id; select 1", new { id });
    }
}
