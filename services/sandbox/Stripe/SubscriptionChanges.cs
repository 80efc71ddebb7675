using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Changes of a running subscription: another price or quantity, with what is owed or given back for the rest of the period.</summary>
static class SubscriptionChanges
{
    public static JsonNode Update(StripeCall call)
    {
        var subscription = call.Get(Subscriptions.Type, call.Id);
        if (Subscriptions.IsOver(subscription)) throw StripeException.Invalid("A canceled subscription can only update its cancellation_details and metadata.", null, "subscription_canceled");
        var at = TestClocks.At(call, call.Get(Customers.Type, subscription["customer"]!.ToString()));
        var before = call.Text("payment_behavior") == "pending_if_incomplete" ? PendingUpdates.Keep(subscription) : null;
        if (before is not null) PendingUpdates.Check(call);
        Subscriptions.Alter(call, subscription);
        if (call.Has("items")) PendingUpdates.Drop(at, subscription);
        var trialing = subscription["status"]!.ToString() == "trialing";
        if (call.Has("coupon") || call.Has("promotion_code")) Discounts.Replace(at, subscription, call.Text("coupon"), call.Text("promotion_code"));
        var newPeriod = call.List("items") is { Count: > 0 } items && ChangeItems(call, at, subscription, items, prorate: !trialing && call.Text("proration_behavior") != "none");
        if (call.Has("trial_end"))
        {
            if (!trialing) throw StripeException.Invalid("Only the trial of a trialing subscription can be moved.", "trial_end");
            MoveTrial(call, at, subscription);
        }
        else if (newPeriod && !trialing) BeginPeriod(at, subscription);
        if (before is null) at.Emit("customer.subscription.updated", subscription);
        if (newPeriod && !trialing) Collect(Invoices.MakeForPeriod(at, subscription, "subscription_update"));
        else if (call.Text("proration_behavior") == "always_invoice" && Invoices.MakeForPending(at, subscription) is { } invoice) Collect(invoice);
        if (before is not null) at.Emit("customer.subscription.updated", subscription); // with what has come of it
        return DocumentWork.Shown(subscription);

        void Collect(JsonObject invoice)
        {
            if (before is not null) PendingUpdates.Collect(at, subscription, invoice, before);
            else InvoicePayment.Collect(at, invoice, call.Text("payment_behavior"));
        }
    }

    public static JsonObject PriceOf(StripeContext context, string? id, int index)
    {
        var price = context.Get(Prices.Type, id ?? throw StripeException.Invalid($"Missing required param: items[{index}][price].", $"items[{index}][price]", "parameter_missing"), $"items[{index}][price]");
        if (price["recurring"] is null) throw StripeException.Invalid("The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", $"items[{index}][price]");
        return price["active"]!.GetValue<bool>() ? price : throw StripeException.Invalid($"The price specified is inactive. This field only accepts active prices.", $"items[{index}][price]");
    }

    public static void RequireOnePeriod(IEnumerable<JsonObject> prices)
    {
        if (prices.Select(p => (Prices.Period(p), p["currency"]!.ToString())).Distinct().Count() > 1)
            throw StripeException.Invalid("Prices with different billing intervals or currencies cannot be on one subscription.", "items");
    }

    public static void AddItem(StripeContext at, JsonObject subscription, JsonObject price, long quantity)
    {
        if (quantity < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "items", "parameter_invalid_integer");
        Subscriptions.Items(subscription).Add(new JsonObject
        {
            ["id"] = StripeContext.NewId("si", 14),
            ["object"] = "subscription_item",
            ["billing_thresholds"] = null,
            ["created"] = at.Now,
            ["metadata"] = new JsonObject(),
            ["price"] = DocumentWork.Shown(price),
            ["quantity"] = quantity,
            ["subscription"] = subscription["id"]!.ToString(),
            ["tax_rates"] = new JsonArray(),
        });
    }

    /// <summary>The billing cycle starts anew, now.</summary>
    public static void BeginPeriod(StripeContext at, JsonObject subscription)
    {
        var (interval, count) = Prices.Period(Subscriptions.Items(subscription)[0]!["price"]!.AsObject());
        (subscription["billing_cycle_anchor"], subscription["current_period_start"], subscription["_cycle"]) = (at.Now, at.Now, 1);
        subscription["current_period_end"] = Periods.End(at.Time, interval, count, 1).ToUnixTimeSeconds();
    }

    /// <returns>Null when no trial is asked for.</returns>
    public static long? TrialEnd(StripeCall call, StripeContext at)
    {
        if (call.Text("trial_end") is not { } wanted || wanted == "now") return null;
        return long.TryParse(wanted, out var end) && end > at.Now ? end : throw StripeException.Invalid("Invalid timestamp: must be \"now\" or a time in the future.", "trial_end");
    }

    static void MoveTrial(StripeCall call, StripeContext at, JsonObject subscription)
    {
        if (TrialEnd(call, at) is { } end)
        {
            (subscription["trial_end"], subscription["current_period_end"], subscription["billing_cycle_anchor"]) = (end, end, end);
            return;
        }
        (subscription["trial_end"], subscription["current_period_end"], subscription["billing_cycle_anchor"]) = (at.Now, at.Now, at.Now);
        Subscriptions.Renew(at, subscription);
    }

    /// <returns>Whether the billing interval changed, so that a new period begins.</returns>
    public static bool ChangeItems(StripeContext call, StripeContext at, JsonObject subscription, JsonArray wanted, bool prorate)
    {
        var items = Subscriptions.Items(subscription);
        var before = Prices.Period(items[0]!["price"]!.AsObject());
        foreach (var (index, change) in wanted.Index())
        {
            var price = change!["price"]?.ToString() is { } id ? PriceOf(call, id, index) : null;
            var quantity = change["quantity"]?.Whole();
            if (quantity is < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", $"items[{index}][quantity]", "parameter_invalid_integer");
            if (change["id"]?.ToString() is not { } itemId)
            {
                AddItem(at, subscription, price ?? PriceOf(call, null, index), quantity ?? 1);
                if (prorate) Prorate(at, subscription, items[^1]!.AsObject(), credit: false);
                continue;
            }
            var item = items.FirstOrDefault(i => i!["id"]!.ToString() == itemId)?.AsObject() ?? throw StripeException.Missing("subscription item", itemId, $"items[{index}][id]", 400);
            if (prorate) Prorate(at, subscription, item, credit: true);
            if (change["deleted"]?.GetValue<bool>() == true)
            {
                items.Remove(item);
                continue;
            }
            if (price is not null) item["price"] = DocumentWork.Shown(price);
            if (quantity is not null) item["quantity"] = quantity;
            if (prorate && Prices.Period(item["price"]!.AsObject()) == before) Prorate(at, subscription, item, credit: false);
        }
        if (items.Count == 0) throw StripeException.Invalid("A subscription must have at least one active item.", "items");
        RequireOnePeriod(items.Select(i => i!["price"]!.AsObject()));
        return Prices.Period(items[0]!["price"]!.AsObject()) != before;
    }

    /// <summary>The part of the item's price that falls on the rest of the period, to the second, rounded half up; given back, or owed.</summary>
    static void Prorate(StripeContext at, JsonObject subscription, JsonObject item, bool credit)
    {
        var (start, end) = (subscription["current_period_start"]!.Whole(), subscription["current_period_end"]!.Whole());
        var listed = Prices.Amount(item["price"]!.AsObject()) * item["quantity"]!.Whole();
        var full = listed - Discounts.Of(subscription["discount"] as JsonObject, listed, at.Now); // a discounted month gives back what it cost
        var rest = (long)decimal.Round((decimal)full * Math.Max(0, end - at.Now) / (end - start), MidpointRounding.AwayFromZero);
        if (rest == 0) return;
        Invoices.AddPending(at, subscription, item, credit ? -rest : rest, at.Now, end, $"{(credit ? "Unused time on" : "Remaining time on")} {Invoices.NameOf(at, item)} after {at.Time.UtcDateTime:dd MMM yyyy}");
    }
}
