using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>The next invoice of a subscription as it would be, also after a change that is only thought of: everything is done, shown and forgotten.</summary>
static class UpcomingInvoice
{
    /// <summary>GET /v1/invoices/upcoming</summary>
    public static JsonNode Get(StripeCall call)
    {
        var subscription = Find(call);
        var at = TestClocks.At(call, call.Get(Customers.Type, subscription["customer"]!.ToString()));
        if (call.Text("coupon") is { } coupon) Discounts.Replace(at, subscription, coupon, null);
        var begins = call.List("subscription_items") is { Count: > 0 } items
            && SubscriptionChanges.ChangeItems(at, at, subscription, items, prorate: call.Text("subscription_proration_behavior") != "none" && subscription["status"]!.ToString() != "trialing");
        var now = call.Text("subscription_proration_behavior") == "always_invoice";
        List<JsonObject> lines;
        if (begins)
        {
            SubscriptionChanges.BeginPeriod(at, subscription);
            lines = Invoices.LinesForPeriod(at, subscription);
        }
        else
        {
            var (end, cycle) = (subscription["current_period_end"]!.Whole(), (int)subscription["_cycle"]!.Whole() + 1);
            if (!now) at = at.At(DateTimeOffset.FromUnixTimeSeconds(end));
            lines = now || subscription["cancel_at"]?.Whole() <= end ? Invoices.TakePending(at, subscription) : Next(at, subscription, end, cycle);
        }
        if (lines.Count == 0) throw None();
        var invoice = DocumentWork.Shown(Invoices.Draft(at, subscription, begins || now ? "subscription_update" : "upcoming", lines));
        invoice.Remove("id"); // it is none yet
        invoice["next_payment_attempt"] = at.Now;
        (invoice["lines"]!["url"], invoice["hosted_invoice_url"]) = ("/v1/invoices/upcoming/lines", null);
        call.Work.Forget();
        return invoice;
    }

    static List<JsonObject> Next(StripeContext at, JsonObject subscription, long start, int cycle)
    {
        var (interval, count) = Prices.Period(Subscriptions.Items(subscription)[0]!["price"]!.AsObject());
        subscription["current_period_start"] = start;
        subscription["current_period_end"] = Periods.End(DateTimeOffset.FromUnixTimeSeconds(subscription["billing_cycle_anchor"]!.Whole()), interval, count, cycle).ToUnixTimeSeconds();
        if (subscription["status"]!.ToString() == "trialing") subscription["status"] = "active";
        return Invoices.LinesForPeriod(at, subscription);
    }

    static JsonObject Find(StripeCall call)
    {
        if (call.Text("subscription") is { } id)
            return call.Get(Subscriptions.Type, id, "subscription") is var named && !Subscriptions.IsOver(named) ? named : throw None();
        var customer = call.Text("customer") ?? throw StripeException.Invalid("You must provide customer or subscription.", "customer", "parameter_missing");
        call.Get(Customers.Type, customer, "customer");
        var next = call.Work.All(Subscriptions.Type).Where(s => s["customer"]!.ToString() == customer && !Subscriptions.IsOver(s)).MinBy(s => s["current_period_end"]!.Whole()) ?? throw None();
        return call.Get(Subscriptions.Type, next["id"]!.ToString());
    }

    static StripeException None() => new(404, "invalid_request_error", "invoice_upcoming_none", "No upcoming invoices for this customer or subscription.");
}
