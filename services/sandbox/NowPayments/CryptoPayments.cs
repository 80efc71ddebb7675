using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Empire.Sandbox.Documents;
using static Empire.Sandbox.NowPayments.NowPaymentsAnswer;

namespace Empire.Sandbox.NowPayments;

/// <summary>Payments to an address: what is asked for, what arrived, and the status in between. Every step is told.</summary>
sealed class CryptoPayments(NowPaymentsStore store, NowPaymentsChannel channel, TimeProvider clock)
{
    static readonly string[] Statuses = ["waiting", "confirming", "confirmed", "sending", "partially_paid", "finished", "failed", "refunded", "expired"];
    static readonly string[] Final = ["finished", "failed", "refunded", "expired"];

    /// <summary>What becomes of one that had expired when coins arrive after all.</summary>
    static readonly string[] Late = ["confirming", "confirmed", "sending", "partially_paid", "finished"];

    /// <summary>What the vendor's sandbox calls a case: the statuses that a payment runs through on its own.</summary>
    static readonly Dictionary<string, string[]> Cases = new()
    {
        ["success"] = ["confirming", "confirmed", "sending", "finished"],
        ["partially_paid"] = ["confirming", "partially_paid"],
        ["failed"] = ["confirming", "failed"],
        ["fail"] = ["confirming", "failed"],
        ["expired"] = ["expired"],
        ["refunded"] = ["confirming", "confirmed", "refunded"],
    };

    static readonly TimeSpan UntilExpiry = TimeSpan.FromMinutes(20);
    const decimal ServiceFee = 0.005m; // nowpayments.io/pricing, read 2026-11

    public Task<IResult> CreateAsync(HttpContext http) => OfAsync(http, async () =>
    {
        var body = await BodyAsync(http);
        var now = clock.GetUtcNow();
        var script = JsonBody.Text(body, "case") is { } named
            ? Cases.GetValueOrDefault(named) ?? throw NowPaymentsException.Invalid($"case must be one of {string.Join(", ", Cases.Keys)}") : [];
        return store.Change(work =>
        {
            var payment = Make(work, body, Required(body, "pay_currency"), null, now);
            var answer = Shown(payment, "payment_status", "actually_paid");
            foreach (var status in script) Step(work, payment, status, null, now);
            return answer;
        }, Afterwards(http));
    }, status: 201);

    public Task<IResult> CreateForInvoiceAsync(HttpContext http) => OfAsync(http, async () =>
    {
        var body = await BodyAsync(http);
        var id = Required(body, "iid");
        return store.Change(work => Shown(Make(work, InvoiceOf(work, id), Required(body, "pay_currency"), id, clock.GetUtcNow()), "payment_status", "actually_paid"), Afterwards(http));
    }, status: 201);

    public Task<IResult> GetAsync(string id, HttpContext http) => OfAsync(http, () => Task.FromResult<JsonNode>(store.Change(work =>
    {
        var payment = Find(work, id);
        if (payment["payment_status"]!.ToString() == "waiting" && payment["_expires"]!.Whole() <= clock.GetUtcNow().ToUnixTimeSeconds()) Step(work, payment, "expired", null, clock.GetUtcNow());
        return Shown(payment);
    }, Afterwards(http))));

    /// <summary>Needs a bearer token beside the key.</summary>
    public Task<IResult> ListAsync(HttpContext http) => OfAsync(http, () =>
    {
        var query = http.Request.Query;
        var limit = Whole(query["limit"], "limit", 10, 1, 500);
        var page = Whole(query["page"], "page", 0, 0, int.MaxValue);
        var (from, to) = (Instant(query["dateFrom"], "dateFrom"), Instant(query["dateTo"], "dateTo"));
        var all = store.Change(work =>
        {
            Sessions.Require(work, http.Request, clock.GetUtcNow());
            return work.All(NowPaymentsStore.Payment).Where(p => Instant(p["created_at"]!.ToString(), "created_at") is var at && (from is null || at >= from) && (to is null || at <= to)).Select(p => (JsonNode)Shown(p)).ToList();
        });
        if (query["orderBy"] != "asc") all.Reverse();
        return Task.FromResult<JsonNode>(new JsonObject
        {
            ["data"] = new JsonArray([.. all.Skip(limit * page).Take(limit)]), ["limit"] = limit, ["page"] = page, ["pagesCount"] = (all.Count + limit - 1) / limit, ["total"] = all.Count,
        });
    });

    /// <param name="actuallyPaid">In the payment's coin; null for what the status implies.</param>
    /// <exception cref="NowPaymentsException">No such payment or status, or the payment is at its end.</exception>
    public JsonObject Step(HttpContext http, string id, string status, decimal? actuallyPaid) => store.Change(work =>
    {
        var payment = Find(work, id);
        if (!Statuses.Contains(status)) throw NowPaymentsException.Invalid($"status: one of {string.Join(", ", Statuses)}");
        if (actuallyPaid < 0) throw NowPaymentsException.Invalid("actually_paid: not below zero");
        var stands = payment["payment_status"]!.ToString();
        if (Final.Contains(stands) && status != "refunded" && !(stands == "expired" && Late.Contains(status))) throw new NowPaymentsException(409, "CONFLICT", $"The payment is {payment["payment_status"]} already");
        Step(work, payment, status, actuallyPaid, clock.GetUtcNow());
        return Shown(payment);
    }, Afterwards(http));

    /// <summary>The invoice page: the payer picks a coin and what becomes of it.</summary>
    public JsonObject PayInvoice(HttpContext http, string invoice, string coin, string @case) => store.Change(work =>
    {
        var payment = Make(work, InvoiceOf(work, invoice), coin, invoice, clock.GetUtcNow());
        foreach (var status in Cases.GetValueOrDefault(@case) ?? throw NowPaymentsException.Invalid($"case: one of {string.Join(", ", Cases.Keys)}")) Step(work, payment, status, null, clock.GetUtcNow());
        return payment.DeepClone().AsObject();
    }, Afterwards(http));

    static JsonObject InvoiceOf(DocumentWork work, string id) => work.Find(NowPaymentsStore.Invoice, $"{NowPaymentsStore.Invoice}:{id}") ?? throw new NowPaymentsException(404, "NOT_FOUND", "Invoice not found");

    static JsonObject Find(DocumentWork work, string id) => work.Find(NowPaymentsStore.Payment, $"{NowPaymentsStore.Payment}:{id}") ?? throw new NowPaymentsException(404, "PAYMENT_NOT_FOUND", "Payment not found");

    JsonObject Make(DocumentWork work, JsonObject body, string payCurrency, string? invoice, DateTimeOffset now)
    {
        var priceCurrency = Required(body, "price_currency").ToLowerInvariant();
        var price = Positive(JsonBody.Text(body, "price_amount"), "price_amount");
        var coin = RequireCoin(payCurrency, "pay_currency");
        var amount = coin.FromUsd(price * RequireWorth(priceCurrency, "price_currency"));
        if (amount < coin.Smallest) throw new NowPaymentsException(400, "AMOUNT_MINIMAL_ERROR", $"Crypto amount {amount} is less than minimal {coin.Smallest}");
        var payout = PayoutOf(body);
        var id = 5_000_000_001L + work.All(NowPaymentsStore.Payment).Count();
        return work.Add(NowPaymentsStore.Payment, new()
        {
            ["_id"] = $"{NowPaymentsStore.Payment}:{id}",
            ["payment_id"] = id,
            ["invoice_id"] = invoice is null ? null : long.Parse(invoice, CultureInfo.InvariantCulture),
            ["payment_status"] = "waiting",
            ["pay_address"] = coin.NewAddress(),
            ["payin_extra_id"] = coin.NeedsMemo ? RandomNumberGenerator.GetString("0123456789", 9) : null,
            ["price_amount"] = JsonBody.JsNumber(price),
            ["price_currency"] = priceCurrency,
            ["pay_amount"] = JsonBody.JsNumber(amount),
            ["actually_paid"] = 0,
            ["pay_currency"] = coin.Ticker,
            ["order_id"] = JsonBody.Text(body, "order_id"),
            ["order_description"] = JsonBody.Text(body, "order_description"),
            ["ipn_callback_url"] = Address(body, "ipn_callback_url"),
            ["purchase_id"] = 4_800_000_000L + id % 1_000_000_000L,
            ["outcome_amount"] = null,
            ["outcome_currency"] = (payout?.Coin ?? coin).Ticker,
            ["_payout_address"] = payout?.Address,
            ["_payout_extra_id"] = payout?.ExtraId,
            ["payout_hash"] = null,
            ["payin_hash"] = null,
            ["network"] = coin.Network,
            ["created_at"] = Time(now),
            ["updated_at"] = Time(now),
            ["expiration_estimate_date"] = Time(now + UntilExpiry),
            ["burning_percent"] = "null", // a text, as NOWPayments sends it
            ["type"] = "crypto2crypto",
            ["_pay"] = amount,
            ["_expires"] = (now + UntilExpiry).ToUnixTimeSeconds(),
        });
    }

    /// <summary>Where what comes in goes; null: to the wallet of the account.</summary>
    /// <exception cref="NowPaymentsException">An address without its coin, or one that the coin's network does not have.</exception>
    static (Coin Coin, string Address, string? ExtraId)? PayoutOf(JsonObject body)
    {
        if (JsonBody.Text(body, "payout_address") is not { } address)
            return JsonBody.Text(body, "payout_currency") is null && JsonBody.Text(body, "payout_extra_id") is null ? null : throw NowPaymentsException.Invalid("payout_address is required");
        var coin = RequireCoin(JsonBody.Text(body, "payout_currency") ?? throw NowPaymentsException.Invalid("payout_currency is required"), "payout_currency");
        if (!Regex.IsMatch(address, coin.AddressPattern)) throw NowPaymentsException.Invalid("payout_address: invalid address");
        var memo = JsonBody.Text(body, "payout_extra_id");
        return memo is null || (coin.NeedsMemo && Regex.IsMatch(memo, "^[0-9]{1,10}$")) ? (coin, address, memo) : throw NowPaymentsException.Invalid("payout_extra_id: invalid extra id");
    }

    void Step(DocumentWork work, JsonObject payment, string status, decimal? actuallyPaid, DateTimeOffset now)
    {
        var asked = payment["_pay"]!.Exact();
        var paid = actuallyPaid ?? status switch { "waiting" or "expired" => 0, "partially_paid" => decimal.Round(asked / 2, 8), _ => asked };
        payment["payment_status"] = status;
        payment["actually_paid"] = JsonBody.JsNumber(paid);
        if (paid > 0) payment["payin_hash"] ??= RandomNumberGenerator.GetString("0123456789abcdef", 64);
        if (status is "finished" or "partially_paid") payment["outcome_amount"] = JsonBody.JsNumber(Outcome(payment, paid * (1 - ServiceFee)));
        if (status == "finished") payment["payout_hash"] ??= RandomNumberGenerator.GetString("0123456789abcdef", 64);
        payment["updated_at"] = Time(now);
        channel.Announce(work, payment, Notification(payment, paid), now);
    }

    /// <summary>What arrives of an amount in the payment's coin: the same, or changed into the coin of the payout.</summary>
    static decimal Outcome(JsonObject payment, decimal amount)
    {
        var (paid, arrives) = (payment["pay_currency"]!.ToString(), payment["outcome_currency"]!.ToString());
        return paid == arrives ? decimal.Round(amount, 8) : Coin.Find(arrives)!.FromUsd(amount * Coin.Find(paid)!.Usd);
    }

    static JsonObject Notification(JsonObject payment, decimal paid)
    {
        string[] told = ["payment_id", "invoice_id", "payment_status", "pay_address", "payin_extra_id", "price_amount", "price_currency", "pay_amount", "actually_paid", "pay_currency", "order_id",
            "order_description", "purchase_id", "outcome_amount", "outcome_currency"];
        var coin = Coin.Find(payment["pay_currency"]!.ToString())!;
        var body = new JsonObject(told.Select(f => KeyValuePair.Create(f, payment[f]?.DeepClone())))
        {
            ["parent_payment_id"] = null,
            ["payment_extra_ids"] = null,
            ["actually_paid_at_fiat"] = JsonBody.JsNumber(decimal.Round(paid * coin.Usd, 2)),
            ["fee"] = new JsonObject { ["currency"] = coin.Ticker, ["depositFee"] = 0, ["withdrawalFee"] = 0, ["serviceFee"] = JsonBody.JsNumber(decimal.Round(paid * ServiceFee, 8)) },
        };
        return body;
    }

    /// <summary>As the API shows it; a new one has not yet the fields of one that was paid.</summary>
    static JsonObject Shown(JsonObject payment, params string[] created)
    {
        var shown = DocumentWork.Shown(payment);
        if (created.Length > 0) (shown["payment_id"], shown["purchase_id"]) = (shown["payment_id"]!.ToString(), shown["purchase_id"]!.ToString()); // texts here, numbers later: the vendor's own inconsistency
        if (created.Length > 0) shown.Remove("actually_paid");
        return shown;
    }

    static Action<Action> Afterwards(HttpContext http) => release => http.Response.OnCompleted(() => { release(); return Task.CompletedTask; });

    static int Whole(string? text, string field, int otherwise, int least, int most) => string.IsNullOrEmpty(text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw NowPaymentsException.Invalid($"{field} must be a number from {least}{(most == int.MaxValue ? "" : $" to {most}")}");

    static DateTimeOffset? Instant(string? text, string field) => string.IsNullOrEmpty(text) ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw NowPaymentsException.Invalid($"{field} must be a date");

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
