using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Sandbox.Tests.Webhooks;

namespace Empire.Sandbox.Tests.Flutterwave;

public sealed class CheckoutTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    const string Api = "/flutterwave/v3";
    readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Client().BaseAddress, DefaultRequestHeaders = { Authorization = new("Bearer", "FLWSECK_TEST-any") } };

    public void Dispose() => http.Dispose();

    static object Order(string reference, decimal amount = 49m, string currency = "USD") =>
        new { tx_ref = reference, amount, currency, redirect_url = "https://shop.example/back?a=1", customer = new { email = "ada@example.com", name = "Ada" }, meta = new { tier = "professional" } };

    async Task<string> LinkAsync(string reference, decimal amount = 49m, string currency = "USD")
    {
        using var response = await http.PostAsJsonAsync(Api + "/payments", Order(reference, amount, currency));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["data"]!["link"]!.ToString();
    }

    async Task<Uri> DecideAsync(string link, string answer, string? amount = null)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["answer"] = answer, ["amount"] = amount ?? "" });
        using var response = await http.PostAsync(link, form);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!;
    }

    async Task<(HttpStatusCode, string)> RefusalAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Api + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await http.SendAsync(request);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal("error", answer["status"]!.ToString());
        return (response.StatusCode, answer["message"]!.ToString());
    }

    async Task<JsonObject> DataAsync(string path) => (await http.GetFromJsonAsync<JsonObject>(Api + path))!["data"]!.AsObject();

    [Fact]
    public async Task A_payer_who_pays_is_told_of_by_webhook_and_sent_back_and_can_be_verified()
    {
        await using var receiver = await Receiver.StartAsync(app, "flutterwave");
        var link = await LinkAsync("order-1");
        Assert.Contains("49.00 USD", await http.GetStringAsync(link), StringComparison.Ordinal);
        var back = await DecideAsync(link, "pay");
        var told = Assert.Single(await receiver.ReceivedAsync(1));
        Assert.Equal(SandboxApp.FlutterwaveHash, told.Headers["verif-hash"]);
        Assert.Equal("charge.completed", told.Json["event"]!.ToString());

        var id = told.Json["data"]!["id"]!.ToString();
        Assert.Equal($"https://shop.example/back?a=1&status=successful&tx_ref=order-1&transaction_id={id}", back.AbsoluteUri);
        var verified = await DataAsync($"/transactions/{id}/verify");
        Assert.Equal(("order-1", 49m, "USD", "successful", 1.86m, 47.14m), (verified["tx_ref"]!.ToString(), verified["amount"]!.GetValue<decimal>(), verified["currency"]!.ToString(),
            verified["status"]!.ToString(), verified["app_fee"]!.GetValue<decimal>(), verified["amount_settled"]!.GetValue<decimal>()));
        Assert.True(JsonNode.DeepEquals(verified, await DataAsync("/transactions/verify_by_reference?tx_ref=order-1")));
        Assert.Equal("professional", verified["meta"]!["tier"]!.ToString());
    }

    [Fact]
    public async Task A_page_ends_where_that_was_asked_for_and_otherwise_stands()
    {
        await app.ResetAsync();
        await LinkAsync("stands");
        using (var made = await http.PostAsJsonAsync(Api + "/payments", new { tx_ref = "ends", amount = 5, currency = "USD", redirect_url = "https://shop.example/back", customer = new { email = "ada@example.com" }, session_duration = 10 })) Assert.True(made.IsSuccessStatusCode);
        var pages = (await http.GetFromJsonAsync<JsonObject>("/control/flutterwave/payments"))!["data"]!.AsArray();
        Assert.Null(pages.Single(page => page!["tx_ref"]!.ToString() == "stands")!["ends_at"]);
        var ends = pages.Single(page => page!["tx_ref"]!.ToString() == "ends")!;
        Assert.InRange(ends["ends_at"]!.GetValue<long>() - DateTimeOffset.Parse(ends["created_at"]!.ToString(), null).ToUnixTimeSeconds(), 599, 601);
    }

    [Fact]
    public async Task A_payer_may_pay_less_fail_or_cancel()
    {
        await app.ResetAsync();
        await DecideAsync(await LinkAsync("less"), "pay_less", "1.50");
        Assert.Equal(1.5m, (await DataAsync("/transactions/verify_by_reference?tx_ref=less"))["amount"]!.GetValue<decimal>());

        var link = await LinkAsync("again");
        Assert.Contains("status=failed", (await DecideAsync(link, "fail")).Query, StringComparison.Ordinal);
        Assert.Equal("failed", (await DataAsync("/transactions/verify_by_reference?tx_ref=again"))["status"]!.ToString());
        await DecideAsync(link, "pay");
        Assert.Equal("successful", (await DataAsync("/transactions/verify_by_reference?tx_ref=again"))["status"]!.ToString());
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["answer"] = "pay" });
        Assert.Equal(HttpStatusCode.Conflict, (await http.PostAsync(link, form)).StatusCode);

        Assert.Equal("https://shop.example/back?a=1&status=cancelled&tx_ref=gone", (await DecideAsync(await LinkAsync("gone"), "cancel")).AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, (await RefusalAsync(HttpMethod.Get, "/transactions/verify_by_reference?tx_ref=gone")).Item1);
    }

    [Fact]
    public async Task A_local_charge_costs_one_point_four_percent_and_at_most_two_thousand()
    {
        await DecideAsync(await LinkAsync("naira", 5000m, "NGN"), "pay");
        Assert.Equal(70m, (await DataAsync("/transactions/verify_by_reference?tx_ref=naira"))["app_fee"]!.GetValue<decimal>());
        await DecideAsync(await LinkAsync("rich", 500_000m, "NGN"), "pay");
        Assert.Equal(2000m, (await DataAsync("/transactions/verify_by_reference?tx_ref=rich"))["app_fee"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Refunds_never_exceed_the_charge()
    {
        await DecideAsync(await LinkAsync("refunded"), "pay");
        var id = (await DataAsync("/transactions/verify_by_reference?tx_ref=refunded"))["id"]!.ToString();
        using var part = await http.PostAsJsonAsync($"{Api}/transactions/{id}/refund", new { amount = 30, comments = "late" });
        var refund = (await part.Content.ReadFromJsonAsync<JsonObject>())!["data"]!;
        Assert.Equal((30m, "completed", id), (refund["amount_refunded"]!.GetValue<decimal>(), refund["status"]!.ToString(), refund["tx_id"]!.ToString()));
        Assert.Equal((HttpStatusCode.BadRequest, "Refund amount cannot be more than 19.00, what is left of the transaction"), await RefusalAsync(HttpMethod.Post, $"/transactions/{id}/refund", new { amount = 19.01 }));
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync($"{Api}/transactions/{id}/refund", null)).StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, "Transaction has been fully refunded"), await RefusalAsync(HttpMethod.Post, $"/transactions/{id}/refund", new { amount = 1 }));
    }

    [Fact]
    public async Task Transactions_are_listed_ten_to_a_page_and_by_day()
    {
        await app.ResetAsync();
        for (var i = 0; i < 12; i++) await DecideAsync(await LinkAsync($"listed-{i}"), "pay");
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd");
        var second = (await http.GetFromJsonAsync<JsonObject>($"{Api}/transactions?from={today}&page=2"))!;
        Assert.Equal((12, 2, 2), (Info("total"), Info("current_page"), Info("total_pages")));
        Assert.Equal(["listed-1", "listed-0"], second["data"]!.AsArray().Select(t => t!["tx_ref"]!.ToString()));
        Assert.Empty((await http.GetFromJsonAsync<JsonObject>($"{Api}/transactions?to=2020-01-01"))!["data"]!.AsArray());

        int Info(string field) => second["meta"]!["page_info"]![field]!.GetValue<int>();
    }

    [Fact]
    public async Task A_transfer_is_queued_once_and_its_end_told()
    {
        await using var receiver = await Receiver.StartAsync(app, "flutterwave");
        var order = new { account_bank = "044", account_number = "0690000040", amount = 5500, currency = "NGN", reference = "payout-1" };
        using var queued = await http.PostAsJsonAsync(Api + "/transfers", order);
        var transfer = (await queued.Content.ReadFromJsonAsync<JsonObject>())!["data"]!;
        Assert.Equal("NEW", transfer["status"]!.ToString());
        var told = Assert.Single(await receiver.ReceivedAsync(1)).Json;
        Assert.Equal(("transfer.completed", "SUCCESSFUL"), (told["event"]!.ToString(), told["data"]!["status"]!.ToString()));
        Assert.Equal("SUCCESSFUL", (await DataAsync($"/transfers/{transfer["id"]}"))["status"]!.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, (await RefusalAsync(HttpMethod.Post, "/transfers", order)).Item1);
        await http.PostAsJsonAsync(Api + "/transfers", order with { reference = "payout-2_FAIL" });
        Assert.Equal("FAILED", (await receiver.ReceivedAsync(2))[1].Json["data"]!["status"]!.ToString());
    }

    [Fact]
    public async Task Wrong_orders_are_told_what_is_wrong()
    {
        await LinkAsync("taken");
        Assert.Equal((HttpStatusCode.BadRequest, "Duplicate transaction reference: taken"), await RefusalAsync(HttpMethod.Post, "/payments", Order("taken")));
        Assert.Equal((HttpStatusCode.BadRequest, "tx_ref is required"), await RefusalAsync(HttpMethod.Post, "/payments", new { amount = 5 }));
        Assert.Equal((HttpStatusCode.BadRequest, "amount should be a number greater than 0"), await RefusalAsync(HttpMethod.Post, "/payments", Order("zero", 0)));
        Assert.Equal((HttpStatusCode.BadRequest, "currency: ABC is not one that is collected"), await RefusalAsync(HttpMethod.Post, "/payments", Order("abc", 5, "ABC")));
        Assert.Equal((HttpStatusCode.BadRequest, "No transaction was found for this id"), await RefusalAsync(HttpMethod.Get, "/transactions/1/verify"));
        http.DefaultRequestHeaders.Authorization = new("Bearer", "FLWSECK_TEST-invalid");
        Assert.Equal((HttpStatusCode.Unauthorized, "Invalid authorization key"), await RefusalAsync(HttpMethod.Post, "/payments", Order("unkeyed")));
    }
}
