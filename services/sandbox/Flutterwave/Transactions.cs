using System.Globalization;
using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using static Empire.Sandbox.Flutterwave.FlutterwaveAnswer;

namespace Empire.Sandbox.Flutterwave;

/// <summary>What became of charges: verified by id or by the merchant's reference, listed, refunded.</summary>
sealed class Transactions(FlutterwaveStore store, FlutterwaveChannel channel, TimeProvider clock)
{
    const int PageSize = 10;

    /// <summary>A refund whose amount ends with it is pending until <see cref="SettleRefund"/>.</summary>
    const decimal Unhurried = 0.77m;
    const decimal Local = 0.014m, LocalMost = 2000m, International = 0.038m;

    /// <summary>1.4 % and at most 2000 in naira, 3.8 % in other currencies (flutterwave.com/pricing, read 2026-11); rounded half up to the cent.</summary>
    public static decimal Fee(decimal amount, string currency) =>
        currency == "NGN" ? Math.Min(LocalMost, decimal.Round(amount * Local, 2, MidpointRounding.AwayFromZero)) : decimal.Round(amount * International, 2, MidpointRounding.AwayFromZero);

    public Task<IResult> VerifyAsync(string id, HttpContext http) => OfAsync(http, () =>
        Found(store.Change(work => work.Find(FlutterwaveStore.Transaction, $"{FlutterwaveStore.Transaction}:{id}")), "No transaction was found for this id"));

    /// <summary>The last charge of the reference: a failed one may be followed by a good one.</summary>
    public Task<IResult> VerifyByReferenceAsync(HttpContext http) => OfAsync(http, () =>
    {
        var reference = http.Request.Query["tx_ref"].ToString();
        if (reference.Length == 0) throw new FlutterwaveException(400, "tx_ref is required");
        return Found(store.Change(work => work.All(FlutterwaveStore.Transaction).LastOrDefault(t => t["tx_ref"]!.ToString() == reference)?.DeepClone().AsObject()), "No transaction was found for this tx_ref");
    });

    public Task<IResult> ListAsync(HttpContext http) => OfAsync(http, () =>
    {
        var query = http.Request.Query;
        var (from, to) = (Day(query["from"], "from"), Day(query["to"], "to"));
        return Task.FromResult(Page(http, "Transactions fetched", work => work.All(FlutterwaveStore.Transaction).Where(t =>
            Is(t["tx_ref"], query["tx_ref"]) && Is(t["status"], query["status"]) && Is(t["currency"], query["currency"]) && Is(t["customer"]!["email"], query["customer_email"])
            && Day(t["created_at"]!.ToString()[..10], "created_at") is { } day && (from is null || day >= from) && (to is null || day <= to))));
    });

    public Task<IResult> RefundAsync(string id, HttpContext http) => OfAsync(http, async () =>
    {
        var body = http.Request.ContentLength is 0 or null && http.Request.Headers.TransferEncoding.Count == 0 ? [] : await BodyAsync(http);
        var now = clock.GetUtcNow();
        var refund = store.Change(work =>
        {
            if (work.Find(FlutterwaveStore.Transaction, $"{FlutterwaveStore.Transaction}:{id}") is not { } transaction) throw new FlutterwaveException(400, "No transaction was found for this id");
            if (transaction["status"]!.ToString() != "successful") throw new FlutterwaveException(400, "Only successful transactions can be refunded");
            var refunded = transaction["_refunded"]!.Exact();
            var left = transaction["amount"]!.Exact() - refunded;
            if (left == 0) throw new FlutterwaveException(400, "Transaction has been fully refunded");
            var amount = body["amount"] is null ? left : Amount(body);
            if (amount > left) throw new FlutterwaveException(400, $"Refund amount cannot be more than {left.ToString("0.00", CultureInfo.InvariantCulture)}, what is left of the transaction");
            transaction["_refunded"] = refunded + amount;
            return FlutterwaveStore.Add(work, FlutterwaveStore.Refund, new()
            {
                ["id"] = 0,
                ["account_id"] = 17_321,
                ["tx_id"] = transaction["id"]!.DeepClone(),
                ["flw_ref"] = transaction["flw_ref"]!.ToString(),
                ["wallet_id"] = 75_230,
                ["amount_refunded"] = JsonBody.JsNumber(amount),
                ["status"] = amount % 1 == Unhurried ? "pending" : "completed",
                ["destination"] = "payment_source",
                ["comments"] = JsonBody.Text(body, "comments"),
                ["meta"] = new JsonObject { ["source"] = "availablebalance" },
                ["created_at"] = Checkout.Time(now),
            });
        });
        return ("Transaction refund initiated", DocumentWork.Shown(refund), null);
    });

    public Task<IResult> RefundsAsync(HttpContext http) => OfAsync(http, () =>
        Task.FromResult(Page(http, "Refunds fetched", work => work.All(FlutterwaveStore.Refund).Where(r => Is(r["tx_id"], http.Request.Query["tx_id"])))));

    public Task<IResult> RefundByIdAsync(string id, HttpContext http) => OfAsync(http, () =>
        Found(store.Change(work => work.Find(FlutterwaveStore.Refund, $"{FlutterwaveStore.Refund}:{id}")), "No refund was found for this id"));

    public static string Response(string status) => status switch { "successful" => "Approved by Financial Institution", "pending" => "Transaction in progress", _ => "Declined" };

    /// <summary>What becomes of a charge that was left pending; it is told as one that was decided at once.</summary>
    /// <param name="status">successful or failed.</param>
    public IResult Settle(string id, string status, HttpContext http) => Settled(http, "successful", "failed", status, FlutterwaveStore.Transaction, id, (work, transaction) =>
    {
        transaction["processor_response"] = Response(status);
        if (status == "successful") transaction["amount_settled"] = JsonBody.JsNumber(transaction["amount"]!.Exact() - transaction["app_fee"]!.Exact());
        channel.Announce(work, "charge.completed", "CARD_TRANSACTION", transaction, clock.GetUtcNow());
    });

    /// <summary>What becomes of a refund that was left pending. Nothing tells of it.</summary>
    /// <param name="status">completed or failed.</param>
    public IResult SettleRefund(string id, string status, HttpContext http) => Settled(http, "completed", "failed", status, FlutterwaveStore.Refund, id, (_, _) => { });

    IResult Settled(HttpContext http, string good, string bad, string status, string type, string id, Action<DocumentWork, JsonObject> then)
    {
        if (status != good && status != bad) return Results.BadRequest($"status: {good} or {bad}.");
        var found = store.Change(work =>
        {
            if (work.Find(type, $"{type}:{id}") is not { } document || document["status"]!.ToString() != "pending") return null;
            document["status"] = status;
            then(work, document);
            return DocumentWork.Shown(document);
        }, release => http.Response.OnCompleted(() => { release(); return Task.CompletedTask; }));
        return found is null ? Results.NotFound($"There is no {type} {id} that is pending.") : Results.Json(found, SandboxSetup.JsonWithNulls);
    }

    /// <summary>Newest first, ten to a page.</summary>
    public (string, JsonNode?, JsonObject?) Page(HttpContext http, string message, Func<DocumentWork, IEnumerable<JsonObject>> select)
    {
        var page = 1;
        if (http.Request.Query["page"].ToString() is { Length: > 0 } wanted && !(int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out page) && page >= 1))
            throw new FlutterwaveException(400, "page should be a number from 1");
        var all = store.Change(work => select(work).Reverse().Select(DocumentWork.Shown).ToList());
        var meta = new JsonObject
        {
            ["page_info"] = new JsonObject { ["total"] = all.Count, ["current_page"] = page, ["total_pages"] = (all.Count + PageSize - 1) / PageSize, ["page_size"] = PageSize },
        };
        return (message, new JsonArray([.. all.Skip((page - 1) * PageSize).Take(PageSize)]), meta);
    }

    static Task<(string, JsonNode?, JsonObject?)> Found(JsonObject? document, string otherwise) => Task.FromResult<(string, JsonNode?, JsonObject?)>(
        document is null ? throw new FlutterwaveException(400, otherwise) : ("Fetched successfully", DocumentWork.Shown(document), null));

    static bool Is(JsonNode? value, string? wanted) => string.IsNullOrEmpty(wanted) || value?.ToString() == wanted;

    static DateOnly? Day(string? text, string field) => string.IsNullOrEmpty(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : throw new FlutterwaveException(400, $"{field} should be a date as 2026-01-31");
}
