using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A cardholder takes their money back by their bank; evidence may win it again. The fee of 15 units is given back with the money.</summary>
static class Disputes
{
    public const string Type = "dispute";
    public static readonly string[] Reasons =
        ["credit_not_processed", "duplicate", "fraudulent", "general", "product_not_received", "product_unacceptable", "subscription_canceled", "unrecognized"];

    /// <summary>Texts that decide a dispute at once. Source: docs.stripe.com/testing, "Disputes", read 2026-11.</summary>
    const string Winning = "winning_evidence", Losing = "losing_evidence";

    static readonly string[] Evidence = ("access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal customer_communication customer_email_address customer_name "
        + "customer_purchase_ip customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy refund_policy_disclosure "
        + "refund_refusal_explanation service_date service_documentation shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text").Split(' ');

    static readonly TimeSpan ToAnswer = TimeSpan.FromDays(7);

    public static void Map(StripeRoutes routes)
    {
        routes.Get("/disputes", Parameters.OfList("created:range charge:str payment_intent:str"), List);
        routes.Get("/disputes/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/disputes/{id}", Parameters.Of($"evidence:{{{string.Join(' ', Evidence.Select(e => e + ":str"))}}} submit:bool metadata:map"), Update);
        routes.Post("/disputes/{id}/close", Parameters.Of(""), Concede);
    }

    /// <exception cref="StripeException">The charge took no money, or is disputed already.</exception>
    public static JsonObject Open(StripeContext context, JsonObject charge, string reason, long? wanted = null)
    {
        var (id, currency) = (charge["id"]!.ToString(), charge["currency"]!.ToString());
        var amount = wanted ?? Charges.Refundable(charge);
        if (charge["status"]!.ToString() != "succeeded" || charge["captured"]!.GetValue<bool>() == false || amount < 1 || amount > Charges.Refundable(charge))
            throw StripeException.Invalid($"Of the charge {id} {Charges.Refundable(charge)} can be disputed.", "amount");
        if (charge["disputed"]!.GetValue<bool>()) throw StripeException.Invalid($"The charge {id} is disputed already.", "charge");
        var dispute = context.Add(Type, "dp", new()
        {
            ["amount"] = amount,
            ["balance_transactions"] = new JsonArray(),
            ["charge"] = id,
            ["created"] = context.Now,
            ["currency"] = currency,
            ["evidence"] = new JsonObject(Evidence.Select(e => KeyValuePair.Create(e, (JsonNode?)null))),
            ["evidence_details"] = new JsonObject { ["due_by"] = (context.Time + ToAnswer).ToUnixTimeSeconds(), ["has_evidence"] = false, ["past_due"] = false, ["submission_count"] = 0 },
            ["is_charge_refundable"] = false,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = charge["payment_intent"]?.ToString(),
            ["payment_method_details"] = new JsonObject
            {
                ["card"] = new JsonObject { ["brand"] = charge["payment_method_details"]!["card"]!["brand"]!.ToString(), ["network_reason_code"] = reason == "product_not_received" ? "13.1" : "10.4" }, ["type"] = "card",
            },
            ["reason"] = reason,
            ["status"] = "needs_response",
        });
        charge["disputed"] = true;
        Move(context, dispute, -amount, StripeCurrency.DisputeFee(currency));
        context.Emit("charge.dispute.created", dispute);
        context.Emit("charge.dispute.funds_withdrawn", dispute);
        return dispute;
    }

    /// <summary>The bank's last word.</summary>
    public static void Close(StripeContext context, JsonObject dispute, bool won)
    {
        if (dispute["status"]!.ToString() is "won" or "lost") throw StripeException.Invalid($"This dispute is already closed: {dispute["status"]}.", null, "dispute_closed");
        dispute["status"] = won ? "won" : "lost";
        dispute["is_charge_refundable"] = won;
        if (won) Move(context, dispute, dispute["amount"]!.Whole(), -StripeCurrency.DisputeFee(dispute["currency"]!.ToString()));
        context.Emit("charge.dispute.closed", dispute);
        if (won) context.Emit("charge.dispute.funds_reinstated", dispute);
    }

    /// <summary>Whether the cardholder's bank has, or may still take, the money of the charge.</summary>
    public static bool Holds(StripeContext context, string charge) => context.Work.All(Type).Any(d => d["charge"]!.ToString() == charge && d["status"]!.ToString() != "won");

    static void Move(StripeContext context, JsonObject dispute, long amount, long fee)
    {
        var currency = dispute["currency"]!.ToString();
        var booked = BalanceTransactions.Book(context, "adjustment", amount < 0 ? "dispute" : "dispute_reversal", dispute["id"]!.ToString(), amount, fee, currency, $"Chargeback {(amount < 0 ? "withdrawal" : "reversal")} for {dispute["charge"]}", atOnce: true);
        dispute["balance_transactions"]!.AsArray().Add(Show.Of(context, context.Get(BalanceTransactions.Type, booked)));
    }

    static JsonNode Update(StripeCall call)
    {
        var dispute = call.Get(Type, call.Id);
        call.CopyTo(dispute);
        if (call.Group("evidence") is { } given)
        {
            if (dispute["status"]!.ToString() is not ("needs_response" or "warning_needs_response")) throw StripeException.Invalid($"Evidence cannot be given any more: this dispute is {dispute["status"]}.", "evidence", "dispute_closed");
            foreach (var (name, value) in given) dispute["evidence"]![name] = value!.ToString() is { Length: > 0 } text ? text : null;
            var details = dispute["evidence_details"]!;
            details["has_evidence"] = true;
            if (call.Flag("submit") != false)
            {
                details["submission_count"] = details["submission_count"]!.Whole() + 1;
                dispute["status"] = "under_review";
            }
        }
        call.Emit("charge.dispute.updated", dispute);
        if (dispute["status"]!.ToString() == "under_review" && dispute["evidence"]!["uncategorized_text"]?.ToString() is Winning or Losing) Close(call, dispute, dispute["evidence"]!["uncategorized_text"]!.ToString() == Winning);
        return DocumentWork.Shown(dispute);
    }

    static JsonNode Concede(StripeCall call)
    {
        var dispute = call.Get(Type, call.Id);
        Close(call, dispute, won: false);
        return DocumentWork.Shown(dispute);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(d =>
        (call.Text("charge") is not { } charge || d["charge"]!.ToString() == charge) && (call.Text("payment_intent") is not { } intent || d["payment_intent"]?.ToString() == intent)));
}
