using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Empire.Sandbox.NowPayments;
using Empire.Sandbox.Tests.Webhooks;

namespace Empire.Sandbox.Tests.NowPayments;

public sealed class CryptoPaymentTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    const string Api = "/nowpayments/v1";
    readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Client().BaseAddress, DefaultRequestHeaders = { { "x-api-key", "any" } } };

    public void Dispose() => http.Dispose();

    async Task<JsonObject> GetAsync(string path) => (await http.GetFromJsonAsync<JsonObject>(path))!;

    async Task<JsonObject> PostAsync(string path, object body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        Assert.Equal(expected, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    Task<JsonObject> PayAsync(string coin = "btc", string? @case = null, decimal price = 49m) =>
        PostAsync(Api + "/payment", new { price_amount = price, price_currency = "usd", pay_currency = coin, order_id = "order-1", order_description = "Professional", @case });

    static string StatusOf(Receiver.Received notification) => notification.Json["payment_status"]!.ToString();

    [Fact]
    public async Task A_payment_says_how_much_of_which_coin_goes_where()
    {
        var payment = await PayAsync();
        Assert.Equal(("waiting", "btc", "0.00081667"), (payment["payment_status"]!.ToString(), payment["pay_currency"]!.ToString(), payment["pay_amount"]!.ToString()));
        Assert.True(payment["pay_address"]!.ToString().Length >= 34);
        var again = await GetAsync($"{Api}/payment/{payment["payment_id"]}");
        Assert.Equal((payment["pay_address"]!.ToString(), 0m), (again["pay_address"]!.ToString(), again["actually_paid"]!.GetValue<decimal>()));
        Assert.StartsWith("0x", (await PayAsync("usdterc20"))["pay_address"]!.ToString(), StringComparison.Ordinal);
        Assert.NotNull((await PayAsync("xrp"))["payin_extra_id"]);
    }

    [Theory]
    [InlineData("success", new[] { "confirming", "confirmed", "sending", "finished" })]
    [InlineData("partially_paid", new[] { "confirming", "partially_paid" })]
    [InlineData("failed", new[] { "confirming", "failed" })]
    [InlineData("expired", new[] { "expired" })]
    public async Task A_case_runs_through_its_statuses_and_tells_each(string @case, string[] expected)
    {
        await using var receiver = await Receiver.StartAsync(app, "nowpayments");
        var payment = await PayAsync("eth", @case);
        Assert.Equal("waiting", payment["payment_status"]!.ToString());
        var told = await receiver.ReceivedAsync(expected.Length);
        Assert.Equal(expected, told.Select(StatusOf));
        Assert.All(told, t => Assert.Equal(payment["payment_id"]!.ToString(), t.Json["payment_id"]!.ToString()));
        Assert.Equal(expected[^1], (await GetAsync($"{Api}/payment/{payment["payment_id"]}"))["payment_status"]!.ToString());
    }

    [Fact]
    public async Task A_notification_is_signed_over_its_sorted_keys()
    {
        await using var receiver = await Receiver.StartAsync(app, "nowpayments");
        await PayAsync("btc", "success");
        var told = (await receiver.ReceivedAsync(4))[3];
        var sorted = new StringBuilder();
        Write(told.Json, sorted);
        var expected = Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(SandboxApp.IpnSecret), Encoding.UTF8.GetBytes(sorted.ToString())));
        Assert.Equal(expected, told.Headers["x-nowpayments-sig"]);
        Assert.StartsWith("""{"actually_paid":0.00081667,"actually_paid_at_fiat":49,"fee":{"currency":"btc","depositFee":0,"serviceFee":0.00000408,"withdrawalFee":0},"invoice_id":null,"order_description":"Professional",""",
            sorted.ToString(), StringComparison.Ordinal);

        static void Write(JsonNode? node, StringBuilder text)
        {
            if (node is not JsonObject item)
            {
                text.Append(node?.ToJsonString() ?? "null");
                return;
            }
            text.Append('{').AppendJoin(',', item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => { var inner = new StringBuilder($"\"{p.Key}\":"); Write(p.Value, inner); return inner.ToString(); })).Append('}');
        }
    }

    [Fact]
    public void The_signature_covers_nested_keys_sorted_and_numbers_as_written() =>
        Assert.Equal(Convert.ToHexStringLower(HMACSHA512.HashData("s"u8, """{"a":{"x":1e-7,"y":[{"c":2,"d":1}]},"b":0.5}"""u8)),
            NowPaymentsChannel.Signature(" s ", JsonNode.Parse("""{"b":0.5,"a":{"y":[{"d":1,"c":2}],"x":1e-7}}""")!));

    [Theory]
    [InlineData("0.50", "0.5")]
    [InlineData("49.00", "49")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("0.00000012", "1.2e-7")]
    [InlineData("0", "0")]
    public void Numbers_are_written_as_javascript_writes_them(string number, string expected) =>
        Assert.Equal(expected, Empire.Sandbox.Documents.JsonBody.JsNumber(decimal.Parse(number)).ToJsonString());

    [Fact]
    public async Task A_payment_goes_where_the_control_side_sends_it_until_it_is_over()
    {
        await using var receiver = await Receiver.StartAsync(app, "nowpayments");
        var id = (await PayAsync("ltc"))["payment_id"]!.ToString();
        await PostAsync($"/control/nowpayments/{id}", new { status = "partially_paid", actually_paid = 0.3 }, HttpStatusCode.OK);
        var told = (await receiver.ReceivedAsync(1))[0].Json;
        Assert.Equal(("partially_paid", 0.3m, 24m), (told["payment_status"]!.ToString(), told["actually_paid"]!.GetValue<decimal>(), told["actually_paid_at_fiat"]!.GetValue<decimal>()));
        await PostAsync($"/control/nowpayments/{id}", new { status = "finished" }, HttpStatusCode.OK);
        await PostAsync($"/control/nowpayments/{id}", new { status = "waiting" }, HttpStatusCode.Conflict);
        await PostAsync($"/control/nowpayments/{id}", new { status = "lost" }, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_payment_s_own_callback_address_goes_before_the_configured_one()
    {
        await using var receiver = await Receiver.StartAsync(app, "nowpayments");
        await PostAsync(Api + "/payment", new { price_amount = 49, price_currency = "usd", pay_currency = "btc", ipn_callback_url = receiver.Url + "/own", @case = "expired" });
        Assert.Equal("/own", Assert.Single(await receiver.ReceivedAsync(1)).Path);
    }

    [Fact]
    public async Task An_invoice_is_paid_on_its_page_in_any_coin()
    {
        await using var receiver = await Receiver.StartAsync(app, "nowpayments");
        var invoice = await PostAsync(Api + "/invoice", new { price_amount = 49, price_currency = "usd", order_id = "order-9", success_url = "https://shop.example/ok", cancel_url = "https://shop.example/no" }, HttpStatusCode.OK);
        var page = invoice["invoice_url"]!.ToString();
        Assert.Contains("49 USD", await http.GetStringAsync(page), StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["pay_currency"] = "trx", ["case"] = "success" });
        using var paid = await http.PostAsync(page, form);
        Assert.StartsWith("https://shop.example/ok?NP_id=", paid.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        var told = (await receiver.ReceivedAsync(4))[3].Json;
        Assert.Equal(("finished", "order-9", invoice["id"]!.ToString()), (told["payment_status"]!.ToString(), told["order_id"]!.ToString(), told["invoice_id"]!.ToString()));
    }

    [Fact]
    public async Task There_are_more_than_three_hundred_coins_with_a_worth_and_a_minimum()
    {
        var tickers = (await GetAsync(Api + "/currencies"))["currencies"]!.AsArray().Select(c => c!.ToString()).ToList();
        Assert.True(tickers.Count >= 300, $"{tickers.Count}");
        Assert.Equal(tickers.Count, tickers.Distinct().Count());
        Assert.Superset(new HashSet<string>(["btc", "eth", "ltc", "usdttrc20", "xmr", "sol"]), tickers.ToHashSet());
        Assert.Equal(tickers.Count, (await GetAsync(Api + "/full-currencies"))["currencies"]!.AsArray().Count);
        Assert.Contains("BTC", (await GetAsync(Api + "/merchant/coins"))["selectedCurrencies"]!.AsArray().Select(c => c!.ToString()));
        Assert.Equal(0.00081667m, (await GetAsync(Api + "/estimate?amount=49&currency_from=usd&currency_to=btc"))["estimated_amount"]!.GetValue<decimal>());
        Assert.Equal(0.0125m, (await GetAsync(Api + "/min-amount?currency_from=ltc&currency_to=btc"))["min_amount"]!.GetValue<decimal>());
        Assert.Equal("OK", (await GetAsync(Api + "/status"))["message"]!.ToString());
    }

    [Fact]
    public async Task The_list_wants_a_token_beside_the_key()
    {
        await app.ResetAsync();
        for (var i = 0; i < 3; i++) await PayAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(Api + "/payment/")).StatusCode);
        var token = (await PostAsync(Api + "/auth", new { email = "ada@example.com", password = "p" }, HttpStatusCode.OK))["token"]!.ToString();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var page = await GetAsync(Api + "/payment/?limit=2&page=1");
        Assert.Equal((1, 2, 3), (page["data"]!.AsArray().Count, page["pagesCount"]!.GetValue<int>(), page["total"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("""{"price_amount":49,"price_currency":"usd","pay_currency":"unobtainium"}""", "INVALID_REQUEST_PARAMS", "pay_currency")]
    [InlineData("""{"price_amount":49,"pay_currency":"btc"}""", "INVALID_REQUEST_PARAMS", "price_currency")]
    [InlineData("""{"price_amount":-1,"price_currency":"usd","pay_currency":"btc"}""", "INVALID_REQUEST_PARAMS", "price_amount")]
    [InlineData("""{"price_amount":0.5,"price_currency":"usd","pay_currency":"btc"}""", "AMOUNT_MINIMAL_ERROR", "less than minimal")]
    [InlineData("""{"price_amount":49,"price_currency":"usd","pay_currency":"btc","case":"magic"}""", "INVALID_REQUEST_PARAMS", "case")]
    [InlineData("""{"price_amount":49,"price_currency":"usd","pay_currency":"btc","ipn_callback_url":"nowhere"}""", "INVALID_REQUEST_PARAMS", "ipn_callback_url")]
    [InlineData("""[]""", "INVALID_REQUEST_PARAMS", "JSON object")]
    public async Task A_wrong_payment_is_told_what_is_wrong(string body, string code, string named)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(Api + "/payment", content);
        var error = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((HttpStatusCode.BadRequest, 400, code), (response.StatusCode, error["statusCode"]!.GetValue<int>(), error["code"]!.ToString()));
        Assert.Contains(named, error["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_key_is_refused()
    {
        http.DefaultRequestHeaders.Remove("x-api-key");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(Api + "/currencies")).StatusCode);
        http.DefaultRequestHeaders.Add("x-api-key", "invalid");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(Api + "/currencies")).StatusCode);
    }
}
