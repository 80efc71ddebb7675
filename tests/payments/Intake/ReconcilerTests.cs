using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Dapper;
using Empire.Payments.Intake;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Intake;

/// <summary>What no webhook tells, and what the providers' lists of new things do not hold: it is asked for. Nobody else reads the lists here, so that what is found is found by the turn that the test makes.</summary>
public sealed class QuietMarketApp : MarketApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Intake:ReconcileEvery", "1.00:00:00"), new("Intake:AskPerTurn", "4")];
}

public sealed class ReconcilerTests(QuietMarketApp app) : IClassFixture<QuietMarketApp>
{
    [Fact]
    public async Task A_charge_that_was_pending_when_the_list_was_read_and_paid_days_later_is_asked_for()
    {
        var payment = await AskAsync("flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{payment:N}", ("answer", "pend"));
        await TurnAsync();
        await Eventually.EqualAsync("processing", () => app.StatusAsync(payment));
        await DaysPassAsync(payment);
        var charge = Assert.Single(await app.Sandbox.AllAsync("flutterwave/transactions"), made => made["tx_ref"]!.ToString() == $"tx_{payment:N}")["id"]!;
        await app.Sandbox.ArmAsync("flutterwave-webhook", "drop");
        await ControlAsync($"flutterwave/transactions/{charge}", new { status = "successful" });
        await UntilAsync(payment, "succeeded");
    }

    [Fact]
    public async Task A_second_page_that_was_paid_days_later_is_asked_for_too()
    {
        await app.Sandbox.ArmAsync("flutterwave", "cut_after", "/payments", method: "POST"); // its answer is lost: a second page is asked for
        var payment = await AskAsync("flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{payment:N}", ("answer", "pend"));
        await TurnAsync();
        await DaysPassAsync(payment);
        var charge = Assert.Single(await app.Sandbox.AllAsync("flutterwave/transactions"), made => made["tx_ref"]!.ToString() == $"tx_{payment:N}")["id"]!;
        await app.Sandbox.ArmAsync("flutterwave-webhook", "drop");
        await ControlAsync($"flutterwave/transactions/{charge}", new { status = "successful" });
        Assert.Equal($"tx_{payment:N}-2", await app.ReadAsync<string>("select provider_ref from payments where id = @payment", new { payment })); // and it was the first that was paid
        await UntilAsync(payment, "succeeded");
    }

    [Fact]
    public async Task A_transfer_to_the_bank_whose_webhook_was_lost_is_listed_and_booked_with_the_operator()
    {
        await AskAsync("flutterwave"); // by which the operator is known
        await app.Sandbox.ArmAsync("flutterwave-webhook", "drop");
        using var made = await app.Sandbox.Http.PostAsJsonAsync("/flutterwave/v3/transfers", new { account_bank = "044", account_number = "0690000040", amount = 120.5m, currency = "USD", reference = $"out-{Guid.CreateVersion7():N}" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var id = (await app.Sandbox.AllAsync("flutterwave/transfers"))[^1]["id"]!.ToString();
        Assert.Equal(0, await CountAsync());
        await TurnAsync();
        await Eventually.EqualAsync(1, CountAsync);
        await TurnAsync();
        Assert.Equal(1, await CountAsync());
        Assert.Equal((120_500_000, -120_500_000), (await LineAsync("cash:bank"), await LineAsync("cash:flutterwave")));
        Assert.Equal((10_750_000, -10_750_000), (await LineAsync("fee:flutterwave", ":fee"), await LineAsync("cash:flutterwave", ":fee")));

        Task<int> CountAsync() => app.ReadAsync<int>("select count(*)::int from ledger_entries where tenant_id = @tenant and cause = @cause", new { tenant = app.Identity.Operator, cause = $"flutterwave:payout:{id}" });
        Task<long> LineAsync(string account, string part = "") => app.ReadAsync<long>(
            "select l.micros from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.tenant_id = @tenant and e.cause = @cause and l.account = @account", new { tenant = app.Identity.Operator, cause = $"flutterwave:payout:{id}{part}", account });
    }

    [Fact]
    public async Task A_refund_that_flutterwave_answers_as_pending_is_asked_about_until_it_is_done()
    {
        var payment = await AskAsync("flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{payment:N}", ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        var (status, refund) = await app.PostAsync($"/api/v1/revenue/payments/tx_{payment:N}/refunds", new { amount = 12.77m }, new(app.Identity.Operator));
        Assert.True(status == HttpStatusCode.Accepted, refund.ToJsonString());
        await TurnAsync();
        Assert.Equal("pending", await StatusAsync());
        var theirs = await app.ReadAsync<string>("select provider_ref from refunds where payment_id = @payment", new { payment });
        await ControlAsync($"flutterwave/refunds/{theirs}", new { status = "completed" });
        await Eventually.EqualAsync("succeeded", async () =>
        {
            await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
                await owner.ExecuteAsync("update refunds set asked_at = null where payment_id = @payment", new { payment });
            await TurnAsync();
            return await StatusAsync();
        });
        await Eventually.EqualAsync(1, async () => (await app.CausesAsync(payment)).Count(cause => cause == $"flutterwave:refund:{theirs}"));

        Task<string?> StatusAsync() => app.ReadAsync<string>("select status from refunds where payment_id = @payment", new { payment });
    }

    /// <summary>Of what a person gives back at Flutterwave's own pages no webhook tells.</summary>
    [Fact]
    public async Task A_refund_that_was_made_at_flutterwaves_own_pages_is_listed_and_booked()
    {
        var payment = await AskAsync("flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{payment:N}", ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        var charge = await app.ReadAsync<string>("select charge_ref from payments where id = @payment", new { payment });
        using var made = await app.Sandbox.Http.PostAsJsonAsync($"/flutterwave/v3/transactions/{charge}/refund", new { amount = 11.5m, comments = "a \"favour\"" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var refund = (await app.Sandbox.AllAsync("flutterwave/refunds"))[^1]["id"]!.ToString();
        await TurnAsync();
        await Eventually.EqualAsync(1, async () => (await app.CausesAsync(payment)).Count(cause => cause == $"flutterwave:refund:{refund}"));
        Assert.Equal((11_500_000, "succeeded"), await app.ReadAsync<(long, string)>("select amount_micros, status from refunds where payment_id = @payment", new { payment }));
        await TurnAsync();
        Assert.Equal(1, await app.ReadAsync<int>("select count(*)::int from refunds where payment_id = @payment", new { payment }));
    }

    [Fact]
    public async Task Coins_that_come_after_the_time_are_asked_for_though_the_payment_had_expired()
    {
        var payment = await AskAsync("nowpayments");
        var reference = await app.ReadAsync<string>("select provider_ref from payments where id = @payment", new { payment });
        await ControlAsync($"nowpayments/{reference}", new { status = "expired" });
        await Eventually.EqualAsync("expired", () => app.StatusAsync(payment));
        await app.Sandbox.ArmAsync("nowpayments-webhook", "drop", "#finished");
        await ControlAsync($"nowpayments/{reference}", new { status = "finished" });
        await UntilAsync(payment, "succeeded");
    }

    [Fact]
    public async Task Coins_that_come_to_another_address_are_asked_for_once_it_was_heard_of()
    {
        var payment = await AskAsync("nowpayments");
        // A second address for the same order: its first step is told, its last is lost.
        using var made = await NowPaymentsAsync(new { price_amount = 49, price_currency = "usd", pay_currency = "btc", order_id = $"tx_{payment:N}" });
        var second = (await made.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>())!["payment_id"]!.ToString();
        await ControlAsync($"nowpayments/{second}", new { status = "confirming" });
        await Eventually.EqualAsync("processing", () => app.StatusAsync(payment));
        await app.Sandbox.ArmAsync("nowpayments-webhook", "drop", "#finished");
        await ControlAsync($"nowpayments/{second}", new { status = "finished" });
        await UntilAsync(payment, "succeeded");
        Assert.Contains($"nowpayments:charge:{second}:captured", await app.CausesAsync(payment));
    }

    /// <summary>Anybody can name a transaction on the page to which payers come back.</summary>
    [Fact]
    public async Task Transactions_that_browsers_invent_are_few_and_asked_for_once()
    {
        var payment = await AskAsync("flutterwave");
        await app.Sandbox.ArmAsync("flutterwave", "latency", "/verify", count: 10, latencyMs: 300);
        using var browser = app.CreateClient();
        for (var invented = 900_000_001; invented <= 900_000_010; invented++)
        {
            using var page = await browser.GetAsync($"/payment/flutterwave/callback?status=successful&tx_ref=tx_{payment:N}&transaction_id={invented}");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.InRange(await WaitingAsync(), 0, 3);
        }
        await Eventually.EqualAsync(0, WaitingAsync);
        await app.Sandbox.DisarmAsync();

        Task<int> WaitingAsync() => app.ReadAsync<int>("select count(*)::int from provider_tasks where task = 'fetch' and subject like 'transactions/9000000%'");
    }

    [Fact]
    public async Task A_turn_asks_for_no_more_than_it_may_and_the_next_goes_on_with_the_others()
    {
        var payments = new List<Guid>();
        for (var i = 0; i < 5; i++) payments.Add(await app.DecidedAsync("flutterwave", null, Money.Of(10m, Currency.Usd)));
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) // before all others of this class
            await owner.ExecuteAsync("update payments set created_at = now() - interval '20 days', asked_at = null where id = any (@payments)", new { payments = payments.ToArray() });
        foreach (var asked in (int[])[4, 5])
        {
            await TurnAsync();
            Assert.Equal(asked, await app.ReadAsync<int>("select count(*)::int from payments where id = any (@payments) and asked_at is not null", new { payments = payments.ToArray() }));
        }
    }

    [Fact]
    public async Task A_bad_answer_about_one_payment_keeps_no_other_waiting()
    {
        var (bad, good) = (await AskAsync("nowpayments"), await AskAsync("nowpayments"));
        async Task<string> ReferenceAsync(Guid payment) => (await app.ReadAsync<string>("select provider_ref from payments where id = @payment", new { payment }))!;
        await app.Sandbox.ArmAsync("nowpayments-webhook", "drop", "#finished");
        await ControlAsync($"nowpayments/{await ReferenceAsync(good)}", new { status = "finished" });
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) // the longest overdue of all, one after the other
            await owner.ExecuteAsync("update payments set asked_at = null, created_at = now() - case when id = @bad then interval '29 days' else interval '28 days' end where id in (@bad, @good)", new { bad, good });
        await app.Sandbox.ArmAsync("nowpayments", "malformed", $"/payment/{await ReferenceAsync(bad)}", method: "GET");
        await TurnAsync();
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(good));
    }

    [Fact]
    public async Task When_a_provider_is_away_those_that_were_not_reached_are_due_as_before()
    {
        var payments = new List<Guid>();
        var reference = $"{RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue)}";
        for (var i = 0; i < 4; i++) payments.Add(await app.DecidedAsync("nowpayments", $"{reference}{i}", Money.Of(10m, Currency.Usd)));
        var (ids, before) = (payments.ToArray(), DateTime.UnixEpoch.AddDays(1));
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update payments set created_at = now() - interval '29 days', asked_at = @before where id = any (@ids)", new { ids, before });
        await app.Sandbox.ArmAsync("nowpayments", "revoked_key", $"/payment/{reference}", count: 3, method: "GET"); // of these alone: others of this class may be asked for at any time
        await TurnAsync();
        Assert.Equal((3, 1), await owner.QuerySingleAsync<(int, int)>("select count(*) filter (where asked_at > @before)::int, count(*) filter (where asked_at = @before)::int from payments where id = any (@ids)", new { ids, before }));
    }

    private Task<int> TurnAsync() => app.Services.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None);

    /// <summary>Turn after turn, for others of this class may be due before it.</summary>
    private Task UntilAsync(Guid payment, string status) => Eventually.EqualAsync(status, async () =>
    {
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync("update payments set asked_at = null where id = @payment", new { payment });
        await TurnAsync();
        return await app.StatusAsync(payment);
    });

    /// <summary>Three days later: the list of what is new begins behind the charge.</summary>
    private async Task DaysPassAsync(Guid payment)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update reconciled_until set until = until + interval '3 days'; update payments set created_at = created_at - interval '3 days' where id = @payment", new { payment });
    }

    private async Task<Guid> AskAsync(string method)
    {
        var (account, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = account.Value;
        var (status, answer) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = method }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return MarketApp.IdOf(answer["payment_id"]!.GetValue<string>());
    }

    private async Task ControlAsync(string path, object body)
    {
        using var answer = await app.Sandbox.Http.PostAsJsonAsync($"/control/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> NowPaymentsAsync(object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/nowpayments/v1/payment") { Content = JsonContent.Create(body) };
        request.Headers.Add("x-api-key", "sandbox");
        var answer = await app.Sandbox.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }
}
