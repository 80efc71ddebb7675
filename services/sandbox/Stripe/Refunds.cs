using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Money back to the payer, at once. Stripe keeps its fee of the charge.</summary>
static class Refunds
{
    public const string Type = "refund";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/refunds", Parameters.Of("charge:str payment_intent:str amount:int reason:duplicate|fraudulent|requested_by_customer metadata:map reverse_transfer:bool refund_application_fee:bool"), Create);
        routes.Get("/refunds", Parameters.OfList("created:range charge:str payment_intent:str"), List);
        routes.Get("/refunds/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/refunds/{id}", Parameters.Of("metadata:map"), Update);
    }

    static JsonNode Create(StripeCall call)
    {
        var charge = ChargeOf(call);
        var left = Charges.Refundable(charge);
        var id = charge["id"]!.ToString();
        if (!charge["captured"]!.GetValue<bool>()) throw StripeException.Invalid($"Charge {id} has not been captured; cancel its PaymentIntent instead.", null, "charge_not_refundable");
        if (Disputes.Holds(call, id)) throw StripeException.Invalid($"Charge {id} has been charged back; cannot issue a refund.", null, "charge_disputed");
        if (left == 0) throw StripeException.Invalid($"Charge {id} has already been refunded.", null, "charge_already_refunded");
        var amount = call.Number("amount") ?? left;
        if (amount < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
        var currency = charge["currency"]!.ToString();
        if (amount > left)
            throw StripeException.Invalid($"Refund amount ({StripeCurrency.Text(amount, currency)}) is greater than unrefunded amount on charge ({StripeCurrency.Text(left, currency)})", "amount", "amount_too_large");

        var refund = call.Add(Type, "re", new()
        {
            ["amount"] = amount,
            ["charge"] = id,
            ["created"] = call.Now,
            ["currency"] = currency,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = charge["payment_intent"]?.ToString(),
            ["reason"] = call.Text("reason"),
            ["receipt_number"] = null,
            ["source_transfer_reversal"] = null,
            ["status"] = "succeeded",
            ["transfer_reversal"] = null,
        });
        call.CopyTo(refund);
        refund["balance_transaction"] = BalanceTransactions.Book(call, "refund", "refund", refund["id"]!.ToString(), -amount, 0, currency, "REFUND FOR CHARGE");
        TakeBack(call, charge, refund, amount);
        charge["amount_refunded"] = charge["amount_refunded"]!.Whole() + amount;
        charge["refunded"] = amount == left;
        call.Emit("refund.created", refund);
        call.Emit("charge.refunded", charge);
        return DocumentWork.Shown(refund);
    }

    /// <summary>What was passed on comes back in the same share as the charge is refunded.</summary>
    static void TakeBack(StripeCall call, JsonObject charge, JsonObject refund, long amount)
    {
        if (call.Flag("reverse_transfer") == true)
        {
            var transfer = call.Get(Transfers.Type, charge["transfer"]?.ToString() ?? throw StripeException.Invalid("Cannot reverse transfer: this charge has no transfer.", "reverse_transfer"));
            refund["transfer_reversal"] = Transfers.Reverse(call, transfer, Share(transfer, amount), refund["id"]!.ToString(), null)["id"]!.ToString();
        }
        if (call.Flag("refund_application_fee") != true) return;
        var fee = call.Get(ApplicationFees.Type, charge["application_fee"]?.ToString() ?? throw StripeException.Invalid("Cannot refund the application fee: this charge has none.", "refund_application_fee"));
        if (Share(fee, amount) is > 0 and var part) ApplicationFees.Refund(call, fee, part);

        long Share(JsonObject of, long refunded)
        {
            var whole = of["amount"]!.Whole();
            var before = (of["amount_reversed"] ?? of["amount_refunded"])!.Whole();
            var captured = charge["amount_captured"]!.Whole();
            return refunded == Charges.Refundable(charge) ? whole - before : (long)decimal.Round((decimal)whole * refunded / captured, MidpointRounding.AwayFromZero);
        }
    }

    static JsonObject ChargeOf(StripeCall call)
    {
        if (call.Text("charge") is { } charge) return call.Get(Charges.Type, charge, "charge");
        if (call.Text("payment_intent") is not { } id) throw StripeException.Invalid("One of the following params should be provided for this request: payment_intent or charge.", "charge", "parameter_missing");
        var intent = call.Get(PaymentIntents.Type, id, "payment_intent");
        if (intent["status"]!.ToString() != "succeeded") throw StripeException.Invalid($"This PaymentIntent ({id}) does not have a successful charge to refund.", "payment_intent", "payment_intent_unexpected_state");
        return call.Get(Charges.Type, intent["latest_charge"]!.ToString());
    }

    static JsonNode Update(StripeCall call)
    {
        var refund = call.Get(Type, call.Id);
        call.CopyTo(refund);
        call.Emit("charge.refund.updated", refund);
        return DocumentWork.Shown(refund);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(r =>
        (call.Text("charge") is not { } charge || r["charge"]?.ToString() == charge) && (call.Text("payment_intent") is not { } intent || r["payment_intent"]?.ToString() == intent)));
}
