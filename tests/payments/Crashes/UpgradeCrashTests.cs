using System.Net;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process killed while an account buys a tier over Flutterwave, where a page is opened first and the money comes later.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class UpgradeCrashTests(MortalMarket market)
{
    private readonly TenantId account = TenantId.New(TimeProvider.System.GetUtcNow());
    private readonly string email = $"{Guid.CreateVersion7():N}@buyers.example";

    public static TheoryData<string, int, bool> Asking
    {
        get
        {
            var all = new TheoryData<string, int, bool>();
            foreach (var cut in (bool[])[false, true])
                foreach (var point in (string[])["effects.planned", "effects.claimed", "effects.performed", "effects.settling", "effects.settled", "work.before-commit", "work.committed"])
                    for (var passes = 0; passes < (point.StartsWith("work", StringComparison.Ordinal) ? 5 : 1); passes++) all.Add(point, passes, cut);
            return all;
        }
    }

    public static TheoryData<string> Paying => ["payments.event-stored", "payments.before-settled", "payments.settled", "payments.fetched", "work.before-commit", "work.committed", "outbox.claimed", "outbox.published"];

    [Theory, InlineData("effects.performed", 0, false)]
    public Task Killed_there_it_is_one_payment_whose_page_takes_money(string point, int passes, bool cut) => BoughtOnceAsync(point, passes, cut, null);

    [Theory, MemberData(nameof(Asking)), Trait("Category", "chaos")]
    public Task Killed_anywhere_while_it_is_asked_for_it_is_one_payment_whose_page_takes_money(string point, int passes, bool cut) => BoughtOnceAsync(point, passes, cut, null);

    [Theory, InlineData("payments.fetched")]
    public Task Killed_there_the_money_raises_the_tier_once(string point) => BoughtOnceAsync(null, 0, false, point);

    [Theory, MemberData(nameof(Paying)), Trait("Category", "chaos")]
    public Task Killed_anywhere_while_the_money_comes_it_raises_the_tier_once(string point) => BoughtOnceAsync(null, 0, false, point);

    private async Task BoughtOnceAsync(string? whileAsking, int passes, bool cut, string? whilePaying)
    {
        market.Identity.Accounts[email] = account.Value;
        await market.QuietAsync();
        if (cut) await market.Sandbox.ArmAsync("flutterwave", "cut_after", "/payments", method: "POST");
        var (deaths, key, wanted) = (market.Deaths, Guid.CreateVersion7().ToString(), new { email, tier = "professional", payment_method = "flutterwave" });
        if (whileAsking is not null) await market.ArmAsync(whileAsking, passes);
        var (status, body) = await market.AskAsync(account, "/api/upgrade", wanted, key);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        if (whileAsking is not null) await market.DiedAndBackAsync(deaths);
        await market.QuietAsync();
        var again = await market.AskAsync(account, "/api/upgrade", wanted, key);
        Assert.Equal(body["payment_id"]!.GetValue<string>(), again.Body["payment_id"]!.GetValue<string>());
        var id = MarketApp.IdOf(body["payment_id"]!.GetValue<string>());
        Assert.Equal(1, await market.ReadAsync<int>("select count(*)::int from payments p join customers c on c.id = p.customer_id where c.account_id = @Value", new { account.Value }));

        deaths = market.Deaths;
        if (whilePaying is not null) await market.ArmAsync(whilePaying);
        var page = await market.ReadAsync<string>("select action_url from payments where id = @id", new { id });
        await market.Sandbox.PressAsync(new Uri(page!).PathAndQuery, ("answer", "pay"));
        if (whilePaying is not null) await market.DiedAndBackAsync(deaths);
        await Eventually.EqualAsync("succeeded", () => market.ReadAsync<string>("select status from payments where id = @id", new { id }));
        await market.QuietAsync();
        Assert.Equal(["captured", "fee"], await market.ReadAllAsync<string>("select split_part(cause, ':', 4) from ledger_entries where payment_id = @id order by 1", new { id }));
        Assert.Equal(0m, await market.ReadAsync<decimal>("select sum(micros) from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id", new { id }));
        Assert.Single(await market.HeardAsync(account, "SubscriptionChanged"));
    }
}
