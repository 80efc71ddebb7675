using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A change of a subscription that holds only when its invoice is paid: within 23 hours and before the period ends, otherwise it is forgotten and the invoice is void.</summary>
static class PendingUpdates
{
    const string Wanted = "_pending", Mark = "_pending_update";
    static readonly string[] Period = ["billing_cycle_anchor", "current_period_start", "current_period_end", "_cycle"];
    static readonly TimeSpan Longest = TimeSpan.FromHours(23);

    public static void Check(StripeCall call)
    {
        foreach (var (name, _) in call.Parameters)
            if (name is not ("items" or "proration_behavior" or "payment_behavior" or "expand")) throw StripeException.Invalid($"The parameter {name} is not supported with payment_behavior=pending_if_incomplete.", name);
    }

    /// <summary>What a change may alter, as it stands.</summary>
    public static JsonObject Keep(JsonObject subscription)
    {
        var kept = new JsonObject { ["items"] = Subscriptions.Items(subscription).DeepClone() };
        foreach (var name in Period) kept[name] = subscription[name]?.DeepClone();
        return kept;
    }

    /// <summary>Collects the invoice of a change that has been made. Where it is not paid at once, all is as it was, and the change waits.</summary>
    public static void Collect(StripeContext at, JsonObject subscription, JsonObject invoice, JsonObject before)
    {
        invoice[Mark] = true;
        InvoicePayment.Collect(at, invoice, null);
        if (invoice["status"]!.ToString() != "open") return;
        var (wanted, anchor) = (Keep(subscription), subscription["billing_cycle_anchor"]!.Whole());
        Set(subscription, before);
        subscription["pending_update"] = new JsonObject
        {
            ["billing_cycle_anchor"] = anchor == before["billing_cycle_anchor"]!.Whole() ? null : anchor,
            ["expires_at"] = Math.Min(at.Now + (long)Longest.TotalSeconds, subscription["current_period_end"]!.Whole()),
            ["subscription_items"] = wanted["items"]!.DeepClone(),
            ["trial_end"] = null,
            ["trial_from_plan"] = null,
        };
        subscription[Wanted] = wanted;
    }

    public static bool IsOf(JsonObject invoice) => invoice[Mark] is not null;

    /// <summary>Its invoice is paid.</summary>
    public static void Apply(StripeContext at, JsonObject invoice)
    {
        if (Waiting(at, invoice) is not { } subscription) return;
        Set(subscription, subscription[Wanted]!.AsObject());
        Clear(subscription);
        at.Emit("customer.subscription.updated", subscription);
        at.Emit("customer.subscription.pending_update_applied", subscription);
    }

    /// <summary>Its invoice is void.</summary>
    public static void Forget(StripeContext at, JsonObject invoice)
    {
        if (Waiting(at, invoice) is not { } subscription) return;
        Clear(subscription);
        at.Emit("customer.subscription.updated", subscription);
    }

    /// <summary>Another change takes its place, or the subscription ends.</summary>
    public static void Drop(StripeContext at, JsonObject subscription)
    {
        if (subscription["pending_update"] is not null) Invoices.Void(at, at.Get(Invoices.Type, subscription["latest_invoice"]!.ToString()));
    }

    public static void Expire(StripeContext at, JsonObject subscription)
    {
        Drop(at, subscription);
        at.Emit("customer.subscription.pending_update_expired", subscription);
    }

    static JsonObject? Waiting(StripeContext at, JsonObject invoice) =>
        IsOf(invoice) && at.Work.Find(Subscriptions.Type, invoice["subscription"]!.ToString()) is { } subscription && subscription["pending_update"] is not null && subscription["latest_invoice"]?.ToString() == invoice["id"]!.ToString() ? subscription : null;

    static void Set(JsonObject subscription, JsonObject kept)
    {
        subscription["items"]!["data"] = kept["items"]!.DeepClone();
        foreach (var name in Period) subscription[name] = kept[name]?.DeepClone();
    }

    static void Clear(JsonObject subscription)
    {
        subscription["pending_update"] = null;
        subscription.Remove(Wanted);
    }
}
