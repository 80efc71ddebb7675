using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What the platform keeps of a charge that is otherwise passed on to an account.</summary>
static class ApplicationFees
{
    public const string Type = "application_fee", RefundType = "fee_refund";

    public static void Map(StripeRoutes routes)
    {
        routes.Get("/application_fees", Parameters.OfList("created:range charge:str"), call => StripeList.Page(call, call.Work.All(Type).Where(f => call.Text("charge") is not { } charge || f["charge"]!.ToString() == charge)));
        routes.Get("/application_fees/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/application_fees/{id}/refunds", Parameters.Of("amount:int metadata:map"), CreateRefund);
    }

    /// <summary>A captured charge with transfer_data: all of it goes to the account, and the fee comes back from there.</summary>
    public static void Settle(StripeContext context, JsonObject intent, JsonObject charge)
    {
        if (intent["transfer_data"] is not JsonObject passing) return;
        var (id, currency, account) = (charge["id"]!.ToString(), charge["currency"]!.ToString(), passing["destination"]!.ToString());
        var atOnce = charge["_at_once"]?.GetValue<bool>() == true;
        var captured = charge["amount_captured"]!.Whole();
        var transfer = Transfers.Make(context, Math.Min(captured, passing["amount"]?.Whole() ?? captured), currency, account, id, charge["transfer_group"]?.ToString(), null, atOnce);
        charge["transfer"] = transfer["id"]!.ToString();
        if (intent["application_fee_amount"]?.Whole() is not { } kept || kept == 0) return;
        var fee = context.Add(Type, "fee", new()
        {
            ["account"] = account,
            ["amount"] = Math.Min(kept, captured),
            ["amount_refunded"] = 0,
            ["application"] = "ca_SandboxPlatform",
            ["charge"] = id,
            ["created"] = context.Now,
            ["currency"] = currency,
            ["livemode"] = false,
            ["originating_transaction"] = id,
            ["refunded"] = false,
        });
        var feeId = fee["id"]!.ToString();
        fee["refunds"] = StripeList.Whole(context, $"/v1/application_fees/{feeId}/refunds", []);
        fee["balance_transaction"] = BalanceTransactions.Book(context, "application_fee", "platform_earning", feeId, fee["amount"]!.Whole(), 0, currency, null, atOnce);
        BalanceTransactions.Book(context, "adjustment", "other_adjustment", feeId, -fee["amount"]!.Whole(), 0, currency, "Application fee", account: account);
        charge["application_fee"] = feeId;
        context.Emit("application_fee.created", fee);
    }

    public static JsonObject Refund(StripeContext context, JsonObject fee, long amount)
    {
        var (id, currency) = (fee["id"]!.ToString(), fee["currency"]!.ToString());
        var left = fee["amount"]!.Whole() - fee["amount_refunded"]!.Whole();
        if (amount < 1 || amount > left) throw StripeException.Invalid($"Of this application fee {left} of the smallest unit of {currency} can be refunded.", "amount", "amount_too_large");
        var refund = context.Add(RefundType, "fr", new() { ["amount"] = amount, ["created"] = context.Now, ["currency"] = currency, ["fee"] = id, ["metadata"] = new JsonObject() });
        refund["balance_transaction"] = BalanceTransactions.Book(context, "application_fee_refund", "platform_earning_refund", id, -amount, 0, currency, null, atOnce: true);
        BalanceTransactions.Book(context, "adjustment", "other_adjustment", id, amount, 0, currency, "Refund of an application fee", atOnce: true, account: fee["account"]!.ToString());
        fee["amount_refunded"] = fee["amount_refunded"]!.Whole() + amount;
        fee["refunded"] = amount == left;
        fee["refunds"] = StripeList.Whole(context, $"/v1/application_fees/{id}/refunds", context.Work.All(RefundType).Where(r => r["fee"]!.ToString() == id).Reverse());
        context.Emit("application_fee.refunded", fee);
        return refund;
    }

    static JsonNode CreateRefund(StripeCall call)
    {
        var fee = call.Get(Type, call.Id);
        var refund = Refund(call, fee, call.Number("amount") ?? fee["amount"]!.Whole() - fee["amount_refunded"]!.Whole());
        call.CopyTo(refund);
        return DocumentWork.Shown(refund);
    }
}
