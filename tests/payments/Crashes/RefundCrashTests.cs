using System.Net;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process killed while it gives money back; its client asks again under the same key.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class RefundCrashTests(MortalMarket market)
{
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());

    public static TheoryData<string, int, bool> Quick => [("effects.claimed", 0, false), ("effects.performed", 0, true)];

    public static TheoryData<string, int, bool> All
    {
        get
        {
            var all = new TheoryData<string, int, bool>();
            foreach (var cut in (bool[])[false, true])
            {
                foreach (var point in (string[])["effects.planned", "effects.claimed", "effects.performed", "effects.settling", "effects.settled", "payments.event-stored", "payments.before-settled", "payments.settled",
                    "outbox.claimed", "outbox.published", "outbox.deleted"]) all.Add(point, 0, cut);
                foreach (var point in (string[])["work.before-commit", "work.committed"])
                    for (var passes = 0; passes < 8; passes++) all.Add(point, passes, cut);
            }
            all.Add("effects.probed", 0, true);
            return all;
        }
    }

    [Theory, MemberData(nameof(Quick))]
    public Task Killed_there_a_refund_is_given_and_booked_once(string point, int passes, bool cut) => RefundedOnceAsync(point, passes, cut);

    [Theory, MemberData(nameof(All)), Trait("Category", "chaos")]
    public Task Killed_anywhere_a_refund_is_given_and_booked_once(string point, int passes, bool cut) => RefundedOnceAsync(point, passes, cut);

    private async Task RefundedOnceAsync(string point, int passes, bool cut)
    {
        var (customer, atStripe) = await market.CustomerAsync(tenant);
        var (paid, payment) = await market.AskAsync(tenant, "/api/v1/revenue/payments", new { customer_id = customer, amount = 97 }, Guid.CreateVersion7().ToString());
        Assert.True(paid == HttpStatusCode.Created, payment.ToJsonString());
        await market.BookedAsync(tenant, entries: 2);

        if (cut) await market.Sandbox.ArmAsync("stripe", "cut_after", "/refunds", method: "POST");
        var (deaths, key) = (market.Deaths, Guid.CreateVersion7().ToString());
        var refunds = $"/api/v1/revenue/payments/{payment["payment_id"]!.GetValue<string>()}/refunds";
        if (point == "effects.probed") await market.ArmAsync("effects.performed"); // whoever comes after a death asks the provider first
        await market.ArmAsync(point, passes);
        var (status, body) = await market.AskAsync(tenant, refunds, new { amount = 30 }, key);
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, body.ToJsonString());
        await market.DiedAndBackAsync(point == "effects.probed" ? deaths + 1 : deaths);
        await market.BookedAsync(tenant, entries: 3);

        var again = await market.AskAsync(tenant, refunds, new { amount = 30 }, key);
        Assert.Equal(body["refund_id"]!.GetValue<string>(), again.Body["refund_id"]!.GetValue<string>());
        var charge = Assert.Single(await market.ChargesAsync(atStripe));
        var refund = Assert.Single(await market.Sandbox.AllAsync("stripe/refunds"), refund => refund["charge"]!.GetValue<string>() == charge["id"]!.GetValue<string>());
        Assert.Equal(3000, refund["amount"]!.GetValue<int>());
        Assert.Equal(("succeeded", 1L), await market.ReadAsync<(string, long)>("select min(status), count(*) from refunds where tenant_id = @Value", new { tenant.Value }));
        await market.AssertBooksAsync(tenant, captured: 97, fees: await market.FeeAsync(charge), refunded: 30);
        Assert.Single(await market.HeardAsync(tenant, "PaymentRefunded"));
    }
}
