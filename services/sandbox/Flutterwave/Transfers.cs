using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using static Empire.Sandbox.Flutterwave.FlutterwaveAnswer;

namespace Empire.Sandbox.Flutterwave;

/// <summary>Money out to a bank account. Queued in the answer; done, or failed where the reference ends with "_FAIL", by the time the webhook comes.</summary>
sealed class Transfers(FlutterwaveStore store, FlutterwaveChannel channel, Transactions transactions, TimeProvider clock)
{
    public Task<IResult> CreateAsync(HttpContext http) => OfAsync(http, async () =>
    {
        var body = await BodyAsync(http);
        var (bank, account, amount) = (Required(body, "account_bank"), Required(body, "account_number"), Amount(body));
        var currency = (JsonBody.Text(body, "currency") ?? "NGN").ToUpperInvariant();
        var now = clock.GetUtcNow();
        var reference = JsonBody.Text(body, "reference") ?? $"ref-{Guid.CreateVersion7(now):N}";
        var queued = store.Change(work =>
        {
            if (work.All(FlutterwaveStore.Transfer).Any(t => t["reference"]!.ToString() == reference)) throw new FlutterwaveException(400, $"A transfer with reference {reference} exists already");
            var transfer = FlutterwaveStore.Add(work, FlutterwaveStore.Transfer, new()
            {
                ["id"] = 0,
                ["account_number"] = account,
                ["bank_code"] = bank,
                ["full_name"] = JsonBody.Text(body, "beneficiary_name") ?? "Sandbox Beneficiary",
                ["created_at"] = Checkout.Time(now),
                ["currency"] = currency,
                ["debit_currency"] = JsonBody.Text(body, "debit_currency") ?? currency,
                ["amount"] = JsonBody.JsNumber(amount),
                ["fee"] = JsonBody.JsNumber(Fee(amount)),
                ["status"] = "NEW",
                ["reference"] = reference,
                ["meta"] = body["meta"]?.DeepClone(),
                ["narration"] = JsonBody.Text(body, "narration"),
                ["complete_message"] = "",
                ["requires_approval"] = 0,
                ["is_approved"] = 1,
                ["bank_name"] = "Sandbox Bank",
            });
            var answer = DocumentWork.Shown(transfer);
            var fails = reference.EndsWith("_FAIL", StringComparison.Ordinal);
            (transfer["status"], transfer["complete_message"]) = fails ? ("FAILED", "DISBURSE FAILED: Account resolve failed") : ("SUCCESSFUL", "Transaction was successful");
            channel.Announce(work, "transfer.completed", "Transfer", transfer, now);
            return answer;
        }, release => http.Response.OnCompleted(() => { release(); return Task.CompletedTask; }));
        return ("Transfer Queued Successfully", queued, null);
    });

    public Task<IResult> GetAsync(string id, HttpContext http) => OfAsync(http, () => Task.FromResult<(string, JsonNode?, JsonObject?)>(
        store.Change(work => work.Find(FlutterwaveStore.Transfer, $"{FlutterwaveStore.Transfer}:{id}")) is { } transfer
            ? ("Transfer fetched", DocumentWork.Shown(transfer), null)
            : throw new FlutterwaveException(400, "Transfer not found")));

    public Task<IResult> ListAsync(HttpContext http) => OfAsync(http, () => Task.FromResult(transactions.Page(http, "Transfers fetched", work => work.All(FlutterwaveStore.Transfer).Where(t =>
        (http.Request.Query["status"].ToString() is not { Length: > 0 } status || t["status"]!.ToString().Equals(status, StringComparison.OrdinalIgnoreCase))
        && (http.Request.Query["reference"].ToString() is not { Length: > 0 } reference || t["reference"]!.ToString() == reference)))));

    /// <summary>In naira by steps of 5000 and 50000 (flutterwave.com/pricing, read 2026-11); the sandbox takes the same in every currency.</summary>
    static decimal Fee(decimal amount) => amount <= 5000 ? 10.75m : amount <= 50_000 ? 26.88m : 53.75m;
}
