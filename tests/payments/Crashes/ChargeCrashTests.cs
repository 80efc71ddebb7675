using System.Net;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process killed between the decision, the provider and the books; its client asks again under the same key.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class ChargeCrashTests(MortalMarket market)
{
    private const string Payments = "/api/v1/revenue/payments";
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());

    public static TheoryData<string, int, bool> Quick =>
    [
        ("work.committed", 1, false),           // the decision: the idempotency key is taken by the first commit
        ("effects.performed", 0, true),
        ("payments.event-stored", 0, false),
        ("payments.before-settled", 1, false),
    ];

    public static TheoryData<string, int, bool> All
    {
        get
        {
            var all = new TheoryData<string, int, bool>();
            foreach (var cut in (bool[])[false, true])
            {
                foreach (var point in (string[])["effects.planned", "effects.claimed", "effects.performed", "effects.settling", "effects.settled"]) all.Add(point, 0, cut);
                for (var passes = 0; passes < 3; passes++) all.Add("payments.event-stored", passes, cut);
                foreach (var point in (string[])["payments.before-settled", "payments.settled"]) // what is stored together is taken in together: a third time is not sure
                    for (var passes = 0; passes < 2; passes++) all.Add(point, passes, cut);
                foreach (var point in (string[])["payments.fetched", "outbox.claimed", "outbox.published", "outbox.deleted"]) all.Add(point, 0, cut);
                foreach (var point in (string[])["work.before-commit", "work.committed"])
                    for (var passes = 0; passes < 12; passes++) all.Add(point, passes, cut);
            }
            all.Add("effects.probed", 0, true);
            return all;
        }
    }

    [Theory, MemberData(nameof(Quick))]
    public Task Killed_there_a_payment_is_charged_and_booked_once(string point, int passes, bool cut) => ChargedOnceAsync(point, passes, cut);

    [Theory, MemberData(nameof(All)), Trait("Category", "chaos")]
    public Task Killed_anywhere_a_payment_is_charged_and_booked_once(string point, int passes, bool cut) => ChargedOnceAsync(point, passes, cut);

    private async Task ChargedOnceAsync(string point, int passes, bool cut)
    {
        var (customer, atStripe) = await market.CustomerAsync(tenant);
        if (cut) await market.Sandbox.ArmAsync("stripe", "cut_after", "/payment_intents", method: "POST");
        var (deaths, key) = (market.Deaths, Guid.CreateVersion7().ToString());
        var asked = new { customer_id = customer, amount = 44, description = $"{point} {passes}" };
        if (point == "effects.probed") await market.ArmAsync("effects.performed"); // whoever comes after a death asks the provider first
        await market.ArmAsync(point, passes);
        var (status, body) = await market.AskAsync(tenant, Payments, asked, key);
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, body.ToJsonString());
        await market.DiedAndBackAsync(point == "effects.probed" ? deaths + 1 : deaths);
        await market.BookedAsync(tenant, entries: 2);

        var again = await market.AskAsync(tenant, Payments, asked, key);
        Assert.Equal(body["payment_id"]!.GetValue<string>(), again.Body["payment_id"]!.GetValue<string>());
        var charge = Assert.Single(await market.ChargesAsync(atStripe));
        Assert.Equal(4400, charge["amount"]!.GetValue<int>());
        Assert.Equal(("succeeded", 1L), await market.ReadAsync<(string, long)>("select min(status), count(*) from payments where tenant_id = @Value", new { tenant.Value }));
        var fee = await market.FeeAsync(charge);
        await market.AssertBooksAsync(tenant, captured: 44, fees: fee, refunded: 0);
        Assert.Single(await market.HeardAsync(tenant, "PaymentSucceeded"));
    }
}
