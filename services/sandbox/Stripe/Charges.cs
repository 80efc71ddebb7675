using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>One try to take money for a payment intent.</summary>
static class Charges
{
    public const string Type = "charge";

    public static void Map(StripeRoutes routes)
    {
        routes.Get("/charges", Parameters.OfList("created:range customer:str payment_intent:str"), List);
        routes.Get("/charges/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/charges/{id}", Parameters.Of("description:str metadata:map receipt_email:str"), Update);
        routes.Get("/charges/{id}/refunds", Parameters.OfList(), call => StripeList.Page(call, call.Work.All(Refunds.Type).Where(r => r["charge"]!.ToString() == call.Id)));
    }

    /// <summary>A charge that the bank accepted; captured at once, or only held.</summary>
    public static JsonObject Accept(StripeContext context, JsonObject intent, JsonObject method, bool capture, bool authenticated)
    {
        var charge = Make(context, intent, method, authenticated);
        charge["status"] = "succeeded";
        charge["paid"] = true;
        charge["outcome"] = Outcome("approved_by_network", null, "authorized", "Payment complete.");
        charge["_at_once"] = PaymentMethods.CardOf(method).Token == TestCards.BypassPending;
        if (capture) Capture(context, intent, charge, intent["amount"]!.Whole());
        context.Emit("charge.succeeded", charge);
        return charge;
    }

    /// <summary>A charge that the bank declined.</summary>
    public static JsonObject Decline(StripeContext context, JsonObject intent, JsonObject method, string code, string? declineCode, string message)
    {
        var charge = Make(context, intent, method, authenticated: false);
        charge["status"] = "failed";
        charge["paid"] = false;
        (charge["failure_code"], charge["failure_message"]) = (code, message);
        charge["outcome"] = Outcome("declined_by_network", declineCode ?? code, "issuer_declined", "The bank did not return any further details with this decline.");
        charge["receipt_url"] = null;
        context.Emit("charge.failed", charge);
        return charge;
    }

    /// <summary>Takes the money, less Stripe's fee. What was held and is not taken goes back.</summary>
    public static void Capture(StripeContext context, JsonObject intent, JsonObject charge, long amount)
    {
        var currency = charge["currency"]!.ToString();
        charge["captured"] = true;
        charge["amount_captured"] = amount;
        charge["amount_refunded"] = charge["amount"]!.Whole() - amount;
        charge["balance_transaction"] = BalanceTransactions.Book(context, "charge", "charge", charge["id"]!.ToString(), amount, StripeCurrency.Fee(amount, currency), currency, charge["description"]?.ToString(),
            atOnce: charge["_at_once"]?.GetValue<bool>() == true);
        ApplicationFees.Settle(context, intent, charge);
    }

    /// <summary>What can still go back to the payer.</summary>
    public static long Refundable(JsonObject charge) => charge["amount"]!.Whole() - charge["amount_refunded"]!.Whole();

    static JsonNode Update(StripeCall call)
    {
        var charge = call.Get(Type, call.Id);
        call.CopyTo(charge, "description", "receipt_email");
        call.Emit("charge.updated", charge);
        return DocumentWork.Shown(charge);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(c =>
        (call.Text("customer") is not { } customer || c["customer"]?.ToString() == customer) && (call.Text("payment_intent") is not { } intent || c["payment_intent"]?.ToString() == intent)));

    static JsonObject Outcome(string network, string? reason, string type, string message) => new()
    {
        ["network_status"] = network, ["reason"] = reason, ["risk_level"] = "normal", ["risk_score"] = 17, ["seller_message"] = message, ["type"] = type,
    };

    static JsonObject Make(StripeContext context, JsonObject intent, JsonObject method, bool authenticated)
    {
        var charge = context.Add(Type, "ch", new()
        {
            ["amount"] = intent["amount"]!.DeepClone(),
            ["amount_captured"] = 0,
            ["amount_refunded"] = 0,
            ["application"] = null,
            ["application_fee"] = null,
            ["application_fee_amount"] = intent["application_fee_amount"]?.DeepClone(),
            ["balance_transaction"] = null,
            ["billing_details"] = method["billing_details"]!.DeepClone(),
            ["calculated_statement_descriptor"] = intent["statement_descriptor"]?.ToString() ?? "EMPIRE",
            ["captured"] = false,
            ["created"] = context.Now,
            ["currency"] = intent["currency"]!.ToString(),
            ["customer"] = intent["customer"]?.ToString(),
            ["description"] = intent["description"]?.ToString(),
            ["disputed"] = false,
            ["failure_balance_transaction"] = null,
            ["failure_code"] = null,
            ["failure_message"] = null,
            ["fraud_details"] = new JsonObject(),
            ["invoice"] = intent["invoice"]?.ToString(),
            ["livemode"] = false,
            ["metadata"] = intent["metadata"]!.DeepClone(),
            ["on_behalf_of"] = intent["on_behalf_of"]?.ToString(),
            ["payment_intent"] = intent["id"]!.ToString(),
            ["payment_method"] = method["id"]!.ToString(),
            ["payment_method_details"] = Details(method, authenticated),
            ["receipt_email"] = intent["receipt_email"]?.ToString(),
            ["receipt_number"] = null,
            ["refunded"] = false,
            ["review"] = null,
            ["shipping"] = intent["shipping"]?.DeepClone(),
            ["source_transfer"] = null,
            ["statement_descriptor"] = intent["statement_descriptor"]?.ToString(),
            ["statement_descriptor_suffix"] = intent["statement_descriptor_suffix"]?.ToString(),
            ["transfer_data"] = intent["transfer_data"] is JsonObject passing ? new JsonObject { ["amount"] = passing["amount"]?.DeepClone(), ["destination"] = passing["destination"]!.ToString() } : null,
            ["transfer_group"] = intent["transfer_group"]?.ToString(),
        });
        charge["receipt_url"] = $"{context.Address}/stripe/receipts/{charge["id"]}";
        return charge;
    }

    static JsonObject Details(JsonObject method, bool authenticated)
    {
        var card = method["card"]!;
        return new()
        {
            ["card"] = new JsonObject
            {
                ["brand"] = card["brand"]!.ToString(),
                ["checks"] = card["checks"]!.DeepClone(),
                ["country"] = card["country"]!.ToString(),
                ["exp_month"] = card["exp_month"]!.DeepClone(),
                ["exp_year"] = card["exp_year"]!.DeepClone(),
                ["fingerprint"] = card["fingerprint"]!.ToString(),
                ["funding"] = card["funding"]!.ToString(),
                ["installments"] = null,
                ["last4"] = card["last4"]!.ToString(),
                ["mandate"] = null,
                ["network"] = card["brand"]!.ToString(),
                ["three_d_secure"] = authenticated ? new JsonObject { ["authentication_flow"] = "challenge", ["result"] = "authenticated", ["result_reason"] = null, ["version"] = "2.2.0" } : null,
                ["wallet"] = null,
            },
            ["type"] = "card",
        };
    }
}
