using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What comes of a payer who gives their card on a checkout page: a payment, or a subscription with its first invoice.</summary>
static class CheckoutPayment
{
    /// <param name="card">A test card's token, as "pm_card_visa".</param>
    /// <param name="email">Of the payer; the session's own where it has one.</param>
    /// <returns>The decline; null when it is paid, or the payer's bank is asking.</returns>
    public static StripeException? Pay(StripeContext context, JsonObject session, string card, string email)
    {
        var method = PaymentMethods.Resolve(context, card, "payment_method");
        method["billing_details"]!["email"] = email;
        session["customer_details"] = CheckoutSessions.Details(email, session["customer_details"]?["name"]?.ToString());
        return session["mode"]!.ToString() == "payment" ? PayOnce(context, session, method, email) : Subscribe(context, session, method, email);
    }

    static StripeException? PayOnce(StripeContext context, JsonObject session, JsonObject method, string email)
    {
        var data = session["_intent"] as JsonObject;
        if (session["customer"] is null && (session["customer_creation"]!.ToString() == "always" || data?["setup_future_usage"] is not null)) session["customer"] = Customers.Make(context, email)["id"]!.ToString();
        var intent = context.Work.Find(PaymentIntents.Type, session["payment_intent"]?.ToString());
        if (intent is null)
        {
            intent = PaymentIntents.Make(context, session["amount_total"]!.Whole(), session["currency"]!.ToString());
            foreach (var (name, value) in data ?? []) intent[name] = value?.DeepClone();
            (intent["customer"], intent["_session"]) = (session["customer"]?.ToString(), session["id"]!.ToString());
            if (intent["receipt_email"] is null) intent["receipt_email"] = email;
            session["payment_intent"] = intent["id"]!.ToString();
            context.Emit("payment_intent.created", intent);
        }
        intent["payment_method"] = method["id"]!.ToString();
        return Confirmation.Try(context, intent, offSession: false, askNobody: false, CheckoutPage.BackTo(context, session));
    }

    static StripeException? Subscribe(StripeContext context, JsonObject session, JsonObject method, string email)
    {
        if (!PaymentMethods.CardOf(method).Attaches) return new(402, "card_error", "card_declined", "Your card was declined.");
        var customer = session["customer"]?.ToString() is { } known ? context.Get(Customers.Type, known) : Customers.Make(context, email);
        session["customer"] = customer["id"]!.ToString();
        var at = TestClocks.At(context, customer);
        PaymentMethods.Attach(context, method, customer["id"]!.ToString());
        var data = session["_subscription"] as JsonObject;
        var trial = data?["trial_end"]?.Whole() ?? (data?["trial_period_days"]?.Whole() is { } days ? at.Time.AddDays(days).ToUnixTimeSeconds() : (long?)null);
        var items = CheckoutSessions.ItemsOf(context, session).Select(i => (context.Get(Prices.Type, i["price"]!["id"]!.ToString()), i["quantity"]!.Whole())).ToList();
        var subscription = Subscriptions.Begin(at, customer, items, trial);
        (subscription["default_payment_method"], subscription["description"]) = (method["id"]!.ToString(), data?["description"]?.ToString());
        if (data?["metadata"] is JsonObject metadata) subscription["metadata"] = metadata.DeepClone();
        if (CheckoutSessions.DiscountOf(context, session) is { } wanted) Discounts.Begin(at, subscription, wanted, session["id"]!.ToString());
        session["subscription"] = subscription["id"]!.ToString();
        at.Emit("customer.subscription.created", subscription);
        var invoice = Invoices.MakeForPeriod(at, subscription, "subscription_create");
        session["invoice"] = invoice["id"]!.ToString();
        if (context.Work.Find(PaymentIntents.Type, invoice["payment_intent"]?.ToString()) is not { } intent)
        {
            CheckoutSessions.Complete(context, session, null);
            return null;
        }
        intent["_session"] = session["id"]!.ToString();
        return Confirmation.Try(at, intent, offSession: false, askNobody: false, CheckoutPage.BackTo(context, session));
    }
}
