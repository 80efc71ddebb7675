using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Collects an invoice by its payment intent, and says what that means for the subscription. Failed renewals are tried again after 3, 5 and 7 days.</summary>
static class InvoicePayment
{
    static readonly TimeSpan[] RetryAfter = [TimeSpan.FromDays(3), TimeSpan.FromDays(5), TimeSpan.FromDays(7)];

    /// <param name="behavior">payment_behavior of the request that made the invoice; null for a renewal, which is as allow_incomplete.</param>
    /// <exception cref="StripeException">402 where the behavior is error_if_incomplete and the payment does not succeed: nothing has happened.</exception>
    public static void Collect(StripeContext at, JsonObject invoice, string? behavior)
    {
        if (invoice["status"]!.ToString() != "open") return;
        var subscription = at.Get(Subscriptions.Type, invoice["subscription"]!.ToString());
        if (behavior == "default_incomplete")
        {
            if (subscription["status"]!.ToString() == "active") Subscriptions.SetStatus(at, subscription, "past_due");
            return;
        }
        var failure = Try(at, invoice, subscription);
        if (behavior != "error_if_incomplete" || invoice["status"]!.ToString() == "paid") return;
        throw new StripeException(402, "card_error", failure is null ? "subscription_payment_intent_requires_action" : "card_declined",
            failure?.Message ?? "Payment for this subscription requires additional user action before it can be completed successfully.")
        { DeclineCode = failure?.DeclineCode };
    }

    /// <summary>The next try of an invoice that was not paid.</summary>
    public static void Retry(StripeContext at, JsonObject invoice)
    {
        invoice["_retries"] = invoice["_retries"]!.Whole() + 1;
        invoice["next_payment_attempt"] = null;
        Try(at, invoice, at.Get(Subscriptions.Type, invoice["subscription"]!.ToString()));
    }

    /// <summary>POST /v1/invoices/{id}/pay</summary>
    public static JsonNode Pay(StripeCall call)
    {
        var invoice = call.Get(Invoices.Type, call.Id);
        if (invoice["status"]!.ToString() == "paid") throw StripeException.Invalid("Invoice is already paid", null, "invoice_already_paid");
        if (invoice["status"]!.ToString() is not ("open" or "uncollectible")) throw StripeException.Invalid($"The invoice is {invoice["status"]} and cannot be paid.", null, "invoice_not_editable");
        var at = TestClocks.At(call, call.Get(Customers.Type, invoice["customer"]!.ToString()));
        var intent = call.Get(PaymentIntents.Type, invoice["payment_intent"]!.ToString());
        if (call.Flag("paid_out_of_band") == true)
        {
            PaymentIntents.Cancel(at, intent, "void_invoice");
            invoice["paid_out_of_band"] = true;
            MarkPaid(at, invoice, null);
            return DocumentWork.Shown(invoice);
        }
        var method = call.Text("payment_method") is { } wanted ? PaymentMethods.Resolve(call, wanted, "payment_method")["id"]!.ToString()
            : Subscriptions.MethodOf(at, call.Get(Subscriptions.Type, invoice["subscription"]!.ToString()))
            ?? throw StripeException.Invalid("There is no default payment method set on this Customer or Subscription.", null, "invoice_payment_intent_requires_action");
        intent["payment_method"] = method;
        if (Confirmation.Try(at, intent, call.Flag("off_session") != false, askNobody: false, null) is { } declined) throw declined;
        return DocumentWork.Shown(invoice);
    }

    public static void Succeed(StripeContext context, JsonObject intent)
    {
        var (at, invoice) = Of(context, intent);
        if (invoice["status"]!.ToString() is not ("open" or "uncollectible")) return;
        invoice["charge"] = intent["latest_charge"]!.ToString();
        Attempted(invoice);
        MarkPaid(at, invoice, intent);
    }

    public static void Fail(StripeContext context, JsonObject intent)
    {
        var (at, invoice) = Of(context, intent);
        invoice["charge"] = intent["latest_charge"]?.ToString();
        FallBehind(at, invoice);
    }

    /// <summary>The payer's bank asks: until the payer has answered, on the invoice's page or another, it counts as not paid, and is tried again as one that was declined.</summary>
    public static void AwaitAction(StripeContext context, JsonObject intent)
    {
        var (at, invoice) = Of(context, intent);
        FallBehind(at, invoice, "invoice.payment_action_required");
    }

    /// <summary>The payer gives another card on the invoice's page.</summary>
    /// <param name="card">A test card's token, as "pm_card_visa".</param>
    /// <returns>The decline; null when it is paid, or the payer's bank is asking.</returns>
    public static StripeException? PayWith(StripeContext context, JsonObject invoice, string card)
    {
        var at = TestClocks.At(context, context.Get(Customers.Type, invoice["customer"]!.ToString()));
        var intent = at.Get(PaymentIntents.Type, invoice["payment_intent"]!.ToString());
        intent["payment_method"] = PaymentMethods.Resolve(at, card, "card")["id"]!.ToString();
        return Confirmation.Try(at, intent, offSession: false, askNobody: false, null);
    }

    /// <param name="intent">Null where no card was charged.</param>
    public static void MarkPaid(StripeContext at, JsonObject invoice, JsonObject? intent)
    {
        (invoice["status"], invoice["paid"], invoice["attempted"]) = ("paid", true, true);
        (invoice["amount_paid"], invoice["amount_remaining"]) = (invoice["amount_due"]!.DeepClone(), 0);
        (invoice["next_payment_attempt"], invoice["status_transitions"]!["paid_at"]) = (null, at.Now);
        at.Emit("invoice.paid", invoice);
        at.Emit("invoice.payment_succeeded", invoice);
        var subscription = at.Get(Subscriptions.Type, invoice["subscription"]!.ToString());
        if (intent is not null && subscription["payment_settings"]!["save_default_payment_method"]?.ToString() == "on_subscription") subscription["default_payment_method"] = intent["payment_method"]!.ToString();
        PendingUpdates.Apply(at, invoice);
        CatchUp(at, invoice);
    }

    /// <summary>The subscription is in order again once none of its invoices is open.</summary>
    public static void CatchUp(StripeContext at, JsonObject invoice)
    {
        var id = invoice["subscription"]!.ToString();
        if (at.Work.Find(Subscriptions.Type, id) is not { } subscription || subscription["status"]!.ToString() is not ("incomplete" or "past_due" or "unpaid")) return;
        if (subscription["status"]!.ToString() == "incomplete" && invoice["status"]!.ToString() != "paid") return;
        if (at.Work.All(Invoices.Type).Any(i => i["subscription"]?.ToString() == id && i["status"]!.ToString() == "open")) return;
        Subscriptions.SetStatus(at, subscription, "active");
        at.Get(Customers.Type, subscription["customer"]!.ToString())["delinquent"] = false;
    }

    /// <summary>Where the payer's bank asks, the payer is waited for, also where they are not there.</summary>
    static StripeException? Try(StripeContext at, JsonObject invoice, JsonObject subscription)
    {
        if (Subscriptions.MethodOf(at, subscription) is not { } method)
        {
            FallBehind(at, invoice);
            return StripeException.Invalid("This customer has no attached payment source or default payment method.", null, "resource_missing");
        }
        var intent = at.Get(PaymentIntents.Type, invoice["payment_intent"]!.ToString());
        intent["payment_method"] = method;
        return Confirmation.Try(at, intent, offSession: false, askNobody: false, null);
    }

    static void FallBehind(StripeContext at, JsonObject invoice, string told = "invoice.payment_failed")
    {
        Attempted(invoice);
        var subscription = at.Get(Subscriptions.Type, invoice["subscription"]!.ToString());
        var first = invoice["billing_reason"]!.ToString() == "subscription_create" || PendingUpdates.IsOf(invoice); // is not tried again: the subscription, or its change, never began
        var retries = (int)invoice["_retries"]!.Whole();
        var planned = invoice["next_payment_attempt"]?.Whole() > at.Now;   // someone tried by hand in between
        var over = !first && !planned && retries == RetryAfter.Length;
        if (!first && !planned) invoice["next_payment_attempt"] = over ? null : (at.Time + RetryAfter[retries]).ToUnixTimeSeconds();
        at.Emit(told, invoice);
        if (PendingUpdates.IsOf(invoice)) return;
        at.Get(Customers.Type, subscription["customer"]!.ToString())["delinquent"] = true;
        if (first || Subscriptions.IsOver(subscription)) return;
        if (!over || at.Surroundings.AfterRetries == "past_due") Subscriptions.SetStatus(at, subscription, "past_due");
        else if (at.Surroundings.AfterRetries == "unpaid") Subscriptions.SetStatus(at, subscription, "unpaid");
        else Subscriptions.Cancel(at, subscription, "payment_failed");
    }

    static void Attempted(JsonObject invoice)
    {
        invoice["attempt_count"] = invoice["attempt_count"]!.Whole() + 1;
        invoice["attempted"] = true;
    }

    static (StripeContext At, JsonObject Invoice) Of(StripeContext context, JsonObject intent) =>
        (TestClocksAt(context, intent), context.Get(Invoices.Type, intent["invoice"]!.ToString()));

    /// <summary>In the middle of an advance the clock still stands where it stood: then the time of the change is ahead of it, and counts.</summary>
    static StripeContext TestClocksAt(StripeContext context, JsonObject intent)
    {
        var at = TestClocks.At(context, context.Get(Customers.Type, intent["customer"]!.ToString()));
        return context.Time != context.WallTime ? context : at;
    }
}
