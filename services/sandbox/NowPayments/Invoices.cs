using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Pages;
using static Empire.Sandbox.NowPayments.NowPaymentsAnswer;

namespace Empire.Sandbox.NowPayments;

/// <summary>A page that asks for an amount in whichever coin the payer likes.</summary>
sealed class Invoices(NowPaymentsStore store, CryptoPayments payments, TimeProvider clock)
{
    public Task<IResult> CreateAsync(HttpContext http) => OfAsync(http, async () =>
    {
        var body = await BodyAsync(http);
        var price = Positive(JsonBody.Text(body, "price_amount"), "price_amount");
        var currency = Required(body, "price_currency").ToLowerInvariant();
        RequireWorth(currency, "price_currency");
        var coin = JsonBody.Text(body, "pay_currency") is { } ticker ? RequireCoin(ticker, "pay_currency") : null;
        var now = CryptoPayments.Time(clock.GetUtcNow());
        return DocumentWork.Shown(store.Change(work =>
        {
            var id = $"{4_500_000_001L + work.All(NowPaymentsStore.Invoice).Count()}";
            return work.Add(NowPaymentsStore.Invoice, new()
            {
                ["_id"] = $"{NowPaymentsStore.Invoice}:{id}",
                ["id"] = id,
                ["token_id"] = id,
                ["order_id"] = JsonBody.Text(body, "order_id"),
                ["order_description"] = JsonBody.Text(body, "order_description"),
                ["price_amount"] = JsonBody.JsNumber(price).ToString(), // a text here, as the vendor answers
                ["price_currency"] = currency,
                ["pay_currency"] = coin?.Ticker,
                ["ipn_callback_url"] = Address(body, "ipn_callback_url"),
                ["invoice_url"] = $"{http.Request.Scheme}://{http.Request.Host}/nowpayments/invoice/{id}",
                ["success_url"] = Address(body, "success_url"),
                ["cancel_url"] = Address(body, "cancel_url"),
                ["partially_paid_url"] = Address(body, "partially_paid_url"),
                ["created_at"] = now,
                ["updated_at"] = now,
                ["is_fixed_rate"] = false,
                ["is_fee_paid_by_user"] = false,
            });
        }));
    });

    public IResult Show(string id)
    {
        if (Find(id) is not { } invoice) return Page.Of("Not found", "<p>There is no such invoice.</p>", 404);
        var coins = invoice["pay_currency"]?.ToString() ?? "btc";
        return Page.Of("Pay with a coin", $"""
            <p class="amount">{Page.E(invoice["price_amount"]!.ToString())} {Page.E(invoice["price_currency"]!.ToString().ToUpperInvariant())}</p><p>{Page.E(invoice["order_description"]?.ToString())}</p>
            <form method="post"><label>Coin <input name="pay_currency" value="{Page.E(coins)}"{(invoice["pay_currency"] is null ? "" : " readonly")}></label>
            {Page.Button("case", "success", "Pay")} {Page.Button("case", "partially_paid", "Pay half", soft: true)} {Page.Button("case", "failed", "Let it fail", soft: true)} {Page.Button("case", "expired", "Let it expire", soft: true)}</form>
            """);
    }

    public async Task<IResult> DecideAsync(string id, HttpContext http)
    {
        if (Find(id) is not { } invoice) return Page.Of("Not found", "<p>There is no such invoice.</p>", 404);
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        try
        {
            var payment = payments.PayInvoice(http, id, invoice["pay_currency"]?.ToString() ?? form["pay_currency"].ToString(), form["case"].ToString());
            var status = payment["payment_status"]!.ToString();
            var back = invoice[status switch { "finished" => "success_url", "partially_paid" => "partially_paid_url", _ => "cancel_url" }]?.ToString();
            return back is null ? Page.Of($"The payment is {status.Replace('_', ' ')}", "<p>You can close this page.</p>") : Results.Redirect(Page.WithQuery(back, ("NP_id", payment["payment_id"]!.ToString())));
        }
        catch (NowPaymentsException refusal)
        {
            return Page.Of("Not understood", $"<p>{Page.E(refusal.Message)}</p>", refusal.Status);
        }
    }

    JsonObject? Find(string id) => store.Change(work => work.Find(NowPaymentsStore.Invoice, $"{NowPaymentsStore.Invoice}:{id}"));
}
