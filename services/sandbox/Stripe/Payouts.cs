using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Money from a balance to a bank: two days on its way, then there; or failed, when the control side says so.</summary>
static class Payouts
{
    public const string Type = "payout";
    static readonly TimeSpan OnItsWay = TimeSpan.FromDays(2);

    public static void Map(StripeRoutes routes)
    {
        routes.PostAsAccount("/payouts", Parameters.Of("amount!:int currency!:str description:str metadata:map method:instant|standard statement_descriptor:str"), Create);
        routes.GetAsAccount("/payouts", Parameters.OfList("created:range status:str"), call =>
            StripeList.Page(call, call.Work.All(Type).Where(p => p["_account"]?.ToString() == call.Account && (call.Text("status") is not { } status || p["status"]!.ToString() == status))));
        routes.GetAsAccount("/payouts/{id}", Parameters.Of(""), call => DocumentWork.Shown(Own(call)));
        routes.PostAsAccount("/payouts/{id}/cancel", Parameters.Of(""), call => { var payout = Own(call); End(call, payout, "canceled"); return DocumentWork.Shown(payout); });
    }

    /// <param name="status">"paid", "failed" or "canceled"; the latter two bring the money back.</param>
    /// <exception cref="StripeException">It is not on its way any more.</exception>
    public static void End(StripeContext context, JsonObject payout, string status)
    {
        if (payout["status"]!.ToString() != "pending") throw StripeException.Invalid($"This payout is {payout["status"]}; only a pending one can change.", null, "payout_not_pending");
        payout["status"] = status;
        if (status != "paid")
        {
            var back = BalanceTransactions.Book(context, status == "failed" ? "payout_failure" : "payout_cancel", "payout_reversal", payout["id"]!.ToString(), payout["amount"]!.Whole(), 0, payout["currency"]!.ToString(), null,
                atOnce: true, account: payout["_account"]?.ToString());
            if (status == "failed") (payout["failure_balance_transaction"], payout["failure_code"], payout["failure_message"]) = (back, "account_closed", "The bank account has been closed.");
        }
        context.Emit($"payout.{status}", payout, payout["_account"]?.ToString());
    }

    /// <summary>Those whose two days are over.</summary>
    public static void Arrive(StripeContext context)
    {
        foreach (var id in context.Work.All(Type).Where(p => p["status"]!.ToString() == "pending" && p["arrival_date"]!.Whole() <= context.Now).Select(p => p["id"]!.ToString()).ToList())
            End(context, context.Get(Type, id), "paid");
    }

    static JsonNode Create(StripeCall call)
    {
        var currency = StripeCurrency.Require(call.Text("currency") ?? "");
        var amount = call.Number("amount")!.Value;
        if (amount < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
        Balance.Require(call, call.Account, amount, currency);
        var instant = call.Text("method") == "instant";
        var payout = call.Add(Type, "po", new()
        {
            ["amount"] = amount,
            ["arrival_date"] = (instant ? call.Time : call.Time + OnItsWay).ToUnixTimeSeconds(),
            ["automatic"] = false,
            ["created"] = call.Now,
            ["currency"] = currency,
            ["description"] = call.Text("description"),
            ["destination"] = "ba_1SandboxBank",
            ["failure_balance_transaction"] = null,
            ["failure_code"] = null,
            ["failure_message"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["method"] = instant ? "instant" : "standard",
            ["original_payout"] = null,
            ["reconciliation_status"] = "not_applicable",
            ["reversed_by"] = null,
            ["source_type"] = "card",
            ["statement_descriptor"] = call.Text("statement_descriptor"),
            ["status"] = "pending",
            ["type"] = "bank_account",
            ["_account"] = call.Account,
        });
        call.CopyTo(payout);
        payout["balance_transaction"] = BalanceTransactions.Book(call, "payout", "payout", payout["id"]!.ToString(), -amount, 0, currency, "STRIPE PAYOUT", atOnce: true, account: call.Account);
        call.Emit("payout.created", payout, call.Account);
        var shown = DocumentWork.Shown(payout);
        if (instant) End(call, payout, "paid");
        return shown;
    }

    static JsonObject Own(StripeCall call) => call.Get(Type, call.Id) is var payout && payout["_account"]?.ToString() == call.Account ? payout : throw StripeException.Missing(Type, call.Id);
}
