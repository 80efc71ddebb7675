using System.Net;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process killed while the last use of a coupon is taken and paid for: it is used once, and nobody else gets it.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class CouponCrashTests(MortalMarket market)
{
    private readonly TenantId account = TenantId.New(TimeProvider.System.GetUtcNow());
    private readonly string email = $"{Guid.CreateVersion7():N}@buyers.example", word = $"LAST-{Guid.CreateVersion7():N}".ToUpperInvariant();

    public static TheoryData<string, int> All
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (var point in (string[])["effects.planned", "effects.claimed", "effects.performed", "effects.settling", "effects.settled"]) all.Add(point, 0);
            foreach (var point in (string[])["work.before-commit", "work.committed"])
                for (var passes = 0; passes < 5; passes++) all.Add(point, passes);
            return all;
        }
    }

    [Theory, InlineData("work.committed", 1)]
    public Task Killed_there_the_coupon_is_used_once(string point, int passes) => UsedOnceAsync(point, passes);

    [Theory, MemberData(nameof(All)), Trait("Category", "chaos")]
    public Task Killed_anywhere_the_coupon_is_used_once(string point, int passes) => UsedOnceAsync(point, passes);

    private async Task UsedOnceAsync(string point, int passes)
    {
        market.Identity.Accounts[email] = account.Value;
        var (made, coupon) = await market.AskAsync(new(market.Identity.Operator), "/api/v1/revenue/coupons", new { code = word, percent_off = 50, max_redemptions = 1 }, Guid.CreateVersion7().ToString());
        Assert.True(made == HttpStatusCode.Created, coupon.ToJsonString());
        await market.QuietAsync();
        var (deaths, key, wanted) = (market.Deaths, Guid.CreateVersion7().ToString(), new { email, tier = "professional", payment_method = "flutterwave", coupon = word });
        await market.ArmAsync(point, passes);
        var (status, body) = await market.AskAsync(account, "/api/upgrade", wanted, key);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        await market.DiedAndBackAsync(deaths);
        await market.QuietAsync();
        Assert.Equal((24.5m, 24.5m), (body["amount"]!.GetValue<decimal>(), body["discount"]!.GetValue<decimal>()));
        var other = $"{Guid.CreateVersion7():N}@buyers.example";
        market.Identity.Accounts[other] = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.BadRequest, (await market.AskAsync(new(market.Identity.Accounts[other]), "/api/upgrade", wanted with { email = other }, Guid.CreateVersion7().ToString())).Status);

        var id = MarketApp.IdOf(body["payment_id"]!.GetValue<string>());
        await market.Sandbox.PressAsync(new Uri((await market.ReadAsync<string>("select action_url from payments where id = @id", new { id }))!).PathAndQuery, ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => market.ReadAsync<string>("select status from payments where id = @id", new { id }));
        await market.QuietAsync();
        Assert.Equal(["used"], await market.ReadAllAsync<string>("select r.status from coupon_redemptions r join coupons c on c.id = r.coupon_id where c.code = @word", new { word }));
        Assert.Equal(-24.5m, await market.ReadAsync<decimal>("select sum(l.micros) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and account like 'revenue:%'", new { id }));
    }
}
