using Dapper;
using Empire.Payments.Facts;
using Empire.Payments.Intake;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Intake;

/// <summary>What Stripe's words mean stays what was booked of them, and an answer beyond every bound is seen.</summary>
public sealed class StripeWordsTests(MarketApp app) : IClassFixture<MarketApp>
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void However_many_reports_of_a_payout_ask_its_answer_is_one()
    {
        var asked = ((string[])["payout.failed", "payout.updated"]).Select(kind => Meaning($"foreign:{kind}", """{"livemode": false, "data": {"object": {"id": "po_1", "object": "payout"}}}""", test: true)).SelectMany(meaning => meaning.ToFetch);
        Assert.Equal(["payouts/po_1", "payouts/po_1"], asked);
    }

    [Theory]
    [InlineData(null, 100)]
    [InlineData(true, 80)]
    public void Of_a_charge_captured_in_part_the_movement_stays_as_it_was_booked_when_it_was_heard(bool? test, int captured)
    {
        var fee = Assert.IsType<FeeTaken>(Assert.Single(Meaning("fetched:balance_transaction", """
            {"id": "txn_1", "object": "balance_transaction", "amount": 9000, "fee": 100, "currency": "usd", "created": 1790000000, "livemode": false,
             "source": {"id": "ch_1", "object": "charge", "amount": 10000, "amount_captured": 8000, "currency": "eur"}}
            """, test).Facts));
        Assert.Equal(Money.Of(captured, Currency.Eur), fee.Original);
    }

    [Fact]
    public async Task An_answer_that_nothing_can_be_made_of_is_in_sight()
    {
        var reference = await app.ReadAsync<string>("select stripe_id from customers where id = @id", new { id = MarketApp.IdOf(await app.CustomerAsync(null)) });
        var path = $"customers/{reference}#999999999999999:evt_beyond"; // no time is so late
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync("insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) values ('stripe', 'fetch', @path, 'x', now(), now())", new { path });
        await Eventually.TrueAsync(async () => (await app.ReadAsync<string>("select problem from provider_tasks where subject = @path", new { path }))?.StartsWith("The answer cannot be taken", StringComparison.Ordinal) == true);
    }

    private Translation Meaning(string kind, string body, bool? test) =>
        app.Services.GetServices<PaymentProvider>().Single(provider => provider.Name == "stripe").Translate(new("stripe", "evt_1", kind, "x", At, body, EventSource.Fetched, test));
}
