using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Pays a payment intent with its card: accepted, declined, or first the cardholder's bank wants to know who is there (3D Secure).</summary>
static class Confirmation
{
    /// <param name="offSession">The cardholder is not there to be asked.</param>
    /// <param name="askNobody">error_on_requires_action: fail rather than wait for the cardholder.</param>
    /// <returns>The decline, which stands; null when the payment went on.</returns>
    public static StripeException? Try(StripeContext context, JsonObject intent, bool offSession, bool askNobody, string? returnUrl)
    {
        var method = context.Get(PaymentMethods.Type, intent["payment_method"]!.ToString());
        var card = PaymentMethods.CardOf(method);
        (intent["next_action"], intent["last_payment_error"]) = (null, null);
        switch (card.Outcome)
        {
            case CardOutcome.Decline:
                return Decline(context, intent, method, card.Code, card.DeclineCode, TestCards.Message(card));
            case CardOutcome.Authenticate when intent["_authenticated"] is null:
                if (offSession || askNobody)
                    return Decline(context, intent, method, "authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication.");
                Ask(context, intent, returnUrl);
                return null;
            default:
                Accept(context, intent, method);
                return null;
        }
    }

    /// <summary>What the cardholder answered on the bank's page.</summary>
    public static void Answer(StripeContext context, JsonObject intent, bool succeeded)
    {
        var method = context.Get(PaymentMethods.Type, intent["payment_method"]!.ToString());
        intent["next_action"] = null;
        if (!succeeded)
        {
            Refuse(context, intent, new StripeException(402, "invalid_request_error", "payment_intent_authentication_failure",
                "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.")
            { PaymentMethod = DocumentWork.Shown(method) });
            return;
        }
        intent["_authenticated"] = true;
        if (intent["confirmation_method"]!.ToString() == "manual") intent["status"] = "requires_confirmation"; // the server confirms once more
        else Accept(context, intent, method);
    }

    public static void Capture(StripeContext context, JsonObject intent, long amount)
    {
        var charge = context.Get(Charges.Type, intent["latest_charge"]!.ToString());
        Charges.Capture(context, intent, charge, amount);
        context.Emit("charge.captured", charge);
        intent["amount_capturable"] = 0;
        Succeed(context, intent, charge, amount);
    }

    static void Accept(StripeContext context, JsonObject intent, JsonObject method)
    {
        var capture = intent["capture_method"]!.ToString() != "manual";
        if (intent["setup_future_usage"] is not null && intent["customer"]?.ToString() is { } customer && method["customer"] is null) PaymentMethods.Attach(context, method, customer);
        if (method["customer"] is null) method["_used"] = true;
        var charge = Charges.Accept(context, intent, method, capture, authenticated: intent["_authenticated"] is not null);
        intent["latest_charge"] = charge["id"]!.ToString();
        if (capture)
        {
            Succeed(context, intent, charge, intent["amount"]!.Whole());
            return;
        }
        intent["status"] = "requires_capture";
        intent["amount_capturable"] = intent["amount"]!.DeepClone();
        context.Emit("payment_intent.amount_capturable_updated", intent);
    }

    static void Succeed(StripeContext context, JsonObject intent, JsonObject charge, long amount)
    {
        intent["amount_received"] = amount;
        intent["status"] = "succeeded";
        context.Emit("payment_intent.succeeded", intent);
        if (intent["invoice"] is not null) InvoicePayment.Succeed(context, intent);
        if (intent["_session"]?.ToString() is { } session) CheckoutSessions.Complete(context, context.Get(CheckoutSessions.Type, session), intent);
        var card = PaymentMethods.CardOf(context.Get(PaymentMethods.Type, charge["payment_method"]!.ToString()));
        if (card.Outcome == CardOutcome.Dispute) Disputes.Open(context, charge, card.DeclineCode!);
    }

    static void Ask(StripeContext context, JsonObject intent, string? returnUrl)
    {
        var page = $"{context.Address}/stripe/authenticate/{intent["id"]}";
        intent["_return_url"] = returnUrl;
        intent["status"] = "requires_action";
        intent["next_action"] = returnUrl is not null
            ? new JsonObject { ["redirect_to_url"] = new JsonObject { ["return_url"] = returnUrl, ["url"] = page }, ["type"] = "redirect_to_url" }
            : new JsonObject { ["type"] = "use_stripe_sdk", ["use_stripe_sdk"] = new JsonObject { ["type"] = "three_d_secure_redirect", ["stripe_js"] = page } };
        context.Emit("payment_intent.requires_action", intent);
        if (intent["invoice"] is not null) InvoicePayment.AwaitAction(context, intent);
    }

    static StripeException Decline(StripeContext context, JsonObject intent, JsonObject method, string code, string? declineCode, string message)
    {
        var charge = Charges.Decline(context, intent, method, code, declineCode, message);
        intent["latest_charge"] = charge["id"]!.ToString();
        return Refuse(context, intent, new StripeException(402, "card_error", code, message)
        {
            DeclineCode = declineCode,
            Charge = charge["id"]!.ToString(),
            PaymentMethod = DocumentWork.Shown(method),
        });
    }

    static StripeException Refuse(StripeContext context, JsonObject intent, StripeException error)
    {
        intent["last_payment_error"] = error.ToJson();
        intent["payment_method"] = null;
        intent["status"] = "requires_payment_method";
        context.Emit("payment_intent.payment_failed", intent);
        if (intent["invoice"] is not null) InvoicePayment.Fail(context, intent);
        return error.Telling(DocumentWork.Shown(intent));
    }
}
