using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Upgrades;

/// <summary>Our own wallets: one for bitcoin, one for dollars on Tron, into which the rest is changed.</summary>
public sealed class WalletApp : MarketApp
{
    public const string Bitcoin = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", Dollars = "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf";

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        .. base.Settings, new("Providers:NowPayments:Payouts:btc:Address", Bitcoin), new("Providers:NowPayments:Payouts:usdttrc20:Address", Dollars), new("Providers:NowPayments:Payouts:xrp:Address", "rPVMhWBsfF9iMXYj3aAzJVkPDTFNSyWdKy"),
        new("Providers:NowPayments:Payouts:xrp:ExtraId", "4711"), new("Providers:NowPayments:ConvertTo", "usdttrc20"),
    ];
}

/// <summary>PAY-13: what is paid in coins goes to wallets of our own, changed where there is none for the coin.</summary>
public sealed class PayoutWalletTests(WalletApp app) : IClassFixture<WalletApp>
{
    [Theory]
    [InlineData("btc", "btc", WalletApp.Bitcoin, null)]
    [InlineData("eth", "usdttrc20", WalletApp.Dollars, null)]
    [InlineData("xrp", "xrp", "rPVMhWBsfF9iMXYj3aAzJVkPDTFNSyWdKy", "4711")]
    public async Task A_coin_goes_to_its_own_wallet_or_is_changed_into_the_one_that_is_set(string coin, string arrivesAs, string address, string? memo)
    {
        var there = await AskAsync(app, coin);
        Assert.Equal((coin, arrivesAs, address, memo), (there["pay_currency"]!.ToString(), there["outcome_currency"]!.ToString(), there["payout_address"]!.ToString(), there["payout_extra_id"]?.ToString()));
    }

    /// <summary>What the provider keeps is its fee, also where it changes the coins; the rest is no longer with it.</summary>
    [Theory]
    [InlineData("btc", "cash:wallet-btc")]
    [InlineData("eth", "cash:wallet-usdttrc20")]
    public async Task What_is_left_of_the_coins_stands_in_the_wallet_and_what_is_not_as_a_fee(string coin, string wallet)
    {
        var there = await AskAsync(app, coin);
        using (var told = await app.Sandbox.Http.PostAsJsonAsync($"/control/nowpayments/{there["payment_id"]}", new { status = "finished" })) Assert.True(told.IsSuccessStatusCode);
        var id = MarketApp.IdOf(there["order_id"]!.ToString());
        await Eventually.EqualAsync($"cash:nowpayments 0.0, {wallet} 48.8, fee:nowpayments 0.2, revenue:subscription -49.0", () => app.ReadAsync<string>(
            "select string_agg(format('%s %s', account, round(micros / 1e6, 1)), ', ' order by account) from (select account, sum(micros) as micros from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id group by account) a", new { id }));
        Assert.Equal(3, (await app.CausesAsync(id)).Count); // what came, the fee, and what went on
        var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, TestContext.Current.CancellationToken);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }

    internal static async Task<JsonObject> AskAsync(MarketApp app, string coin)
    {
        var (account, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = account.Value;
        var (status, answer) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = "nowpayments", pay_currency = coin }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return Assert.Single(await app.Sandbox.AllAsync("nowpayments/payments"), made => made["order_id"]!.ToString() == answer["payment_id"]!.ToString());
    }
}

public sealed class NoWalletTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Fact]
    public async Task Without_a_wallet_of_ours_the_account_at_the_provider_decides()
    {
        var there = await PayoutWalletTests.AskAsync(app, "ltc");
        Assert.Equal(("ltc", null), (there["outcome_currency"]!.ToString(), there["payout_address"]?.ToString()));
    }

    [Theory]
    [InlineData("Payouts:btc:Address", "none")]
    [InlineData("Payouts:eth:Address", "0x12")]
    [InlineData("Payouts:b c:Address", WalletApp.Bitcoin, "Payouts:b c")]
    [InlineData("ConvertTo", "usdttrc20")]
    public async Task What_is_no_wallet_stops_the_start_and_is_named(string setting, string value, string? named = null)
    {
        var wrong = new SetApp(setting, value);
        var refused = await Assert.ThrowsAnyAsync<Exception>(async () => await wrong.InitializeAsync());
        Assert.Contains($"Providers:NowPayments:{named ?? setting} ", refused.ToString(), StringComparison.Ordinal);
        await wrong.TestDatabase.DisposeAsync();
    }

    private sealed class SetApp(string setting, string value) : PaymentsApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new($"Providers:NowPayments:{setting}", value)];
    }
}
