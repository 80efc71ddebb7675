using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Prices that a customer pays period by period. <see cref="SubscriptionChanges"/> alters them, <see cref="Calendar"/> lets their time pass.</summary>
static class Subscriptions
{
    public const string Type = "subscription";
    const string Settings = "default_payment_method:str description:str metadata:map cancel_at_period_end:bool cancel_at:int off_session:bool proration_behavior:always_invoice|create_prorations|none "
        + "payment_behavior:allow_incomplete|default_incomplete|error_if_incomplete|pending_if_incomplete payment_settings:{save_default_payment_method:off|on_subscription payment_method_types:[card]} "
        + "trial_settings:{end_behavior!:{missing_payment_method!:cancel|create_invoice|pause}} coupon:str promotion_code:str default_tax_rates:[str]";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/subscriptions", Parameters.Of($"customer!:str items:[{{price:str quantity:int}}] trial_period_days:int trial_end:str {Settings}"), Create);
        routes.Get("/subscriptions", Parameters.OfList("created:range customer:str price:str test_clock:str "
            + "status:active|all|canceled|ended|incomplete|incomplete_expired|past_due|paused|trialing|unpaid"), List);
        routes.Get("/subscriptions/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/subscriptions/{id}", Parameters.Of($"items:[{{id:str price:str quantity:int deleted:bool}}] trial_end:str {Settings}"), SubscriptionChanges.Update);
        routes.Delete("/subscriptions/{id}", Parameters.Of("cancellation_details:{comment:str feedback:customer_service|low_quality|missing_features|other|switched_service|too_complex|too_expensive|unused}"), Delete);
        routes.Delete("/subscriptions/{id}/discount", Discounts.EndOf);
        routes.Post("/subscriptions/{id}/resume", Parameters.Of("billing_cycle_anchor:now|unchanged proration_behavior:always_invoice|create_prorations|none"), Resume);
    }

    public static bool IsOver(JsonObject subscription) => subscription["status"]!.ToString() is "canceled" or "incomplete_expired";

    public static JsonArray Items(JsonObject subscription) => subscription["items"]!["data"]!.AsArray();

    /// <returns>The subscription's own card, else the customer's.</returns>
    public static string? MethodOf(StripeContext context, JsonObject subscription) =>
        subscription["default_payment_method"]?.ToString() ?? context.Get(Customers.Type, subscription["customer"]!.ToString())["invoice_settings"]!["default_payment_method"]?.ToString();

    static JsonNode Create(StripeCall call)
    {
        var customer = call.Get(Customers.Type, call.Text("customer") ?? "", "customer");
        var at = TestClocks.At(call, customer);
        if (call.Text("payment_behavior") == "pending_if_incomplete") throw StripeException.Invalid("You cannot use payment_behavior=pending_if_incomplete when creating a subscription.", "payment_behavior");
        if (call.List("items") is not { Count: > 0 } wanted) throw StripeException.Invalid("Missing required param: items.", "items", "parameter_missing");
        var prices = wanted.Select((item, index) => SubscriptionChanges.PriceOf(call, item!["price"]?.ToString(), index)).ToList();
        SubscriptionChanges.RequireOnePeriod(prices);
        var subscription = Begin(at, customer, [.. prices.Zip(wanted, (price, item) => (price, item!["quantity"]?.Whole() ?? 1))], TrialEnd(call, at));
        Alter(call, subscription);
        if (call.Text("coupon") is not null || call.Text("promotion_code") is not null) Discounts.Begin(at, subscription, call.Text("coupon"), call.Text("promotion_code"));
        var trial = subscription["status"]!.ToString() == "trialing";
        if (!trial && call.Text("payment_behavior") != "default_incomplete" && MethodOf(call, subscription) is null)
            throw StripeException.Invalid("This customer has no attached payment source or default payment method. Please consider adding a default payment method.", null, "resource_missing");
        at.Emit("customer.subscription.created", subscription);
        var invoice = Invoices.MakeForPeriod(at, subscription, "subscription_create");
        if (!trial) InvoicePayment.Collect(at, invoice, call.Text("payment_behavior"));
        return DocumentWork.Shown(subscription);
    }

    /// <summary>A subscription that begins now, before anything is invoiced or told.</summary>
    /// <param name="trialEnd">Unix seconds; null without a trial.</param>
    public static JsonObject Begin(StripeContext at, JsonObject customer, IReadOnlyList<(JsonObject Price, long Quantity)> items, long? trialEnd)
    {
        var prices = items.Select(item => item.Price).ToList();
        var (interval, count) = Prices.Period(prices[0]);
        var end = trialEnd ?? Periods.End(at.Time, interval, count, 1).ToUnixTimeSeconds();
        var id = StripeContext.NewId("sub");
        var subscription = at.Work.Add(Type, new()
        {
            ["id"] = id,
            ["object"] = Type,
            ["application"] = null,
            ["application_fee_percent"] = null,
            ["automatic_tax"] = new JsonObject { ["enabled"] = false },
            ["billing_cycle_anchor"] = trialEnd ?? at.Now,
            ["billing_thresholds"] = null,
            ["cancel_at"] = null,
            ["cancel_at_period_end"] = false,
            ["canceled_at"] = null,
            ["cancellation_details"] = new JsonObject { ["comment"] = null, ["feedback"] = null, ["reason"] = null },
            ["collection_method"] = "charge_automatically",
            ["created"] = at.Now,
            ["currency"] = prices[0]["currency"]!.ToString(),
            ["current_period_end"] = end,
            ["current_period_start"] = at.Now,
            ["customer"] = customer["id"]!.ToString(),
            ["days_until_due"] = null,
            ["default_payment_method"] = null,
            ["default_source"] = null,
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = null,
            ["discount"] = null,
            ["ended_at"] = null,
            ["items"] = new JsonObject { ["object"] = "list", ["data"] = new JsonArray(), ["has_more"] = false, ["url"] = $"/v1/subscription_items?subscription={id}" },
            ["latest_invoice"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["next_pending_invoice_item_invoice"] = null,
            ["on_behalf_of"] = null,
            ["pause_collection"] = null,
            ["payment_settings"] = new JsonObject { ["payment_method_options"] = null, ["payment_method_types"] = null, ["save_default_payment_method"] = "off" },
            ["pending_invoice_item_interval"] = null,
            ["pending_setup_intent"] = null,
            ["pending_update"] = null,
            ["schedule"] = null,
            ["start_date"] = at.Now,
            ["status"] = trialEnd is null ? "incomplete" : "trialing",
            ["test_clock"] = customer["test_clock"]?.ToString(),
            ["transfer_data"] = null,
            ["trial_end"] = trialEnd,
            ["trial_settings"] = new JsonObject { ["end_behavior"] = new JsonObject { ["missing_payment_method"] = "create_invoice" } },
            ["trial_start"] = trialEnd is null ? null : at.Now,
            ["_cycle"] = trialEnd is null ? 1 : 0,
        });
        foreach (var (price, quantity) in items) SubscriptionChanges.AddItem(at, subscription, price, quantity);
        return subscription;
    }

    /// <summary>What create and update have in common.</summary>
    public static void Alter(StripeCall call, JsonObject subscription)
    {
        if (call.Text("default_payment_method") is { } method && call.Get(PaymentMethods.Type, method, "default_payment_method")["customer"]?.ToString() != subscription["customer"]!.ToString())
            throw StripeException.Invalid($"The customer does not have a payment method with the ID {method}. The payment method must be attached to the customer.", "default_payment_method", "resource_missing");
        call.CopyTo(subscription, "default_payment_method", "description", "cancel_at", "trial_settings");
        TaxRates.Alter(call, subscription);
        foreach (var (name, value) in call.Group("payment_settings") ?? []) subscription["payment_settings"]![name] = value!.DeepClone();
        if (call.Flag("cancel_at_period_end") is not { } ends) return;
        subscription["cancel_at_period_end"] = ends;
        subscription["cancel_at"] = ends ? subscription["current_period_end"]!.DeepClone() : null;
        subscription["canceled_at"] = ends ? TestClocks.At(call, call.Get(Customers.Type, subscription["customer"]!.ToString())).Now : null;
        subscription["cancellation_details"]!["reason"] = ends ? "cancellation_requested" : null;
    }

    /// <summary>The next period begins: its invoice is made and paid, or the subscription falls behind.</summary>
    public static void Renew(StripeContext at, JsonObject subscription)
    {
        var trialEnds = subscription["status"]!.ToString() == "trialing";
        var cycle = (int)subscription["_cycle"]!.Whole() + 1;
        var (interval, count) = Prices.Period(Items(subscription)[0]!["price"]!.AsObject());
        var anchor = DateTimeOffset.FromUnixTimeSeconds(subscription["billing_cycle_anchor"]!.Whole());
        if (trialEnds && MethodOf(at, subscription) is null && subscription["trial_settings"]!["end_behavior"]!["missing_payment_method"]!.ToString() is var missing && missing != "create_invoice")
        {
            if (missing == "cancel") Cancel(at, subscription, "payment_failed");
            else SetStatus(at, subscription, "paused", "customer.subscription.paused");
            return;
        }
        subscription["_cycle"] = cycle;
        subscription["current_period_start"] = subscription["current_period_end"]!.DeepClone();
        subscription["current_period_end"] = Periods.End(anchor, interval, count, cycle).ToUnixTimeSeconds();
        if (trialEnds) subscription["status"] = "active";
        at.Emit("customer.subscription.updated", subscription);
        InvoicePayment.Collect(at, Invoices.MakeForPeriod(at, subscription, "subscription_cycle"), null);
    }

    /// <param name="reason">"cancellation_requested" or "payment_failed".</param>
    public static void Cancel(StripeContext at, JsonObject subscription, string reason)
    {
        PendingUpdates.Drop(at, subscription);
        (subscription["status"], subscription["ended_at"]) = ("canceled", at.Now);
        subscription["canceled_at"] ??= at.Now;
        subscription["cancellation_details"]!["reason"] = reason;
        at.Emit("customer.subscription.deleted", subscription);
    }

    /// <summary>The first invoice was not paid within 23 hours.</summary>
    public static void Expire(StripeContext at, JsonObject subscription)
    {
        subscription["ended_at"] = at.Now;
        if (at.Work.Find(Invoices.Type, subscription["latest_invoice"]?.ToString()) is { } invoice && invoice["status"]!.ToString() == "open") Invoices.Void(at, invoice);
        SetStatus(at, subscription, "incomplete_expired");
    }

    public static void WarnOfTrialEnd(StripeContext at, JsonObject subscription)
    {
        subscription["_trial_told"] = true;
        at.Emit("customer.subscription.trial_will_end", subscription);
    }

    public static void SetStatus(StripeContext at, JsonObject subscription, string status, string @event = "customer.subscription.updated")
    {
        if (subscription["status"]!.ToString() == status) return;
        subscription["status"] = status;
        at.Emit(@event, subscription);
    }

    static JsonNode Delete(StripeCall call)
    {
        var subscription = call.Get(Type, call.Id);
        if (IsOver(subscription)) throw StripeException.Missing(Type, call.Id);
        foreach (var (name, value) in call.Group("cancellation_details") ?? []) subscription["cancellation_details"]![name] = value!.DeepClone();
        Cancel(TestClocks.At(call, call.Get(Customers.Type, subscription["customer"]!.ToString())), subscription, "cancellation_requested");
        return DocumentWork.Shown(subscription);
    }

    /// <summary>A subscription whose trial ended without a card, once there is one: a new period begins now.</summary>
    static JsonNode Resume(StripeCall call)
    {
        var subscription = call.Get(Type, call.Id);
        if (subscription["status"]!.ToString() != "paused") throw StripeException.Invalid($"This subscription is {subscription["status"]}; only a paused one can be resumed.", null, "subscription_not_paused");
        var at = TestClocks.At(call, call.Get(Customers.Type, subscription["customer"]!.ToString()));
        if (MethodOf(at, subscription) is null) throw StripeException.Invalid("This customer has no attached payment source or default payment method.", null, "resource_missing");
        SubscriptionChanges.BeginPeriod(at, subscription);
        SetStatus(at, subscription, "active", "customer.subscription.resumed");
        InvoicePayment.Collect(at, Invoices.MakeForPeriod(at, subscription, "subscription_cycle"), null);
        return DocumentWork.Shown(subscription);
    }

    static long? TrialEnd(StripeCall call, StripeContext at)
    {
        if (call.Has("trial_period_days") && call.Has("trial_end")) throw StripeException.Invalid("You may only specify one of these parameters: trial_period_days, trial_end.", "trial_period_days");
        if (call.Number("trial_period_days") is { } days)
            return days is >= 0 and <= 730 ? days == 0 ? null : at.Time.AddDays(days).ToUnixTimeSeconds() : throw StripeException.Invalid("Between 0 and 730.", "trial_period_days", "parameter_invalid_integer");
        return SubscriptionChanges.TrialEnd(call, at);
    }

    static JsonObject List(StripeCall call)
    {
        var status = call.Text("status");
        return StripeList.Page(call, call.Work.All(Type).Where(s =>
            (call.Text("customer") is { } customer ? s["customer"]!.ToString() == customer : TestClocks.IsListed(call, s))
            && (call.Text("price") is not { } price || Items(s).Any(i => i!["price"]!["id"]!.ToString() == price))
            && (status switch { null => s["status"]!.ToString() != "canceled", "all" => true, "ended" => IsOver(s), _ => s["status"]!.ToString() == status })));
    }
}
