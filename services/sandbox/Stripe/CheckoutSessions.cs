using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A hosted page on which a payer pays once, or begins a subscription. Until they do, there is nothing but the session. <see cref="CheckoutPage"/> is the page.</summary>
static class CheckoutSessions
{
    public const string Type = "checkout.session";

    /// <summary>A line of what is bought.</summary>
    public const string ItemType = "item";

    static readonly TimeSpan Shortest = TimeSpan.FromMinutes(30), Longest = TimeSpan.FromHours(24);

    const string PriceData = "price_data:{currency!:str unit_amount:int product:str product_data:{name!:str description:str metadata:map} recurring:{interval!:day|week|month|year interval_count:int}}";
    const string IntentData = "payment_intent_data:{description:str metadata:map receipt_email:str setup_future_usage:off_session|on_session statement_descriptor:str statement_descriptor_suffix:str transfer_group:str "
        + "capture_method:automatic|automatic_async|manual application_fee_amount:int transfer_data:{destination!:str amount:int} on_behalf_of:str}";
    const string SubscriptionData = "subscription_data:{description:str metadata:map trial_period_days:int trial_end:int}";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/checkout/sessions", Parameters.Of($"mode:payment|setup|subscription success_url!:str cancel_url:str client_reference_id:str customer:str customer_email:str customer_creation:always|if_required "
            + $"line_items:[{{price:str quantity:int {PriceData}}}] metadata:map expires_at:int allow_promotion_codes:bool discounts:[{{coupon:str promotion_code:str}}] payment_method_types:[card] "
            + $"locale:str submit_type:auto|book|donate|pay {IntentData} {SubscriptionData}"), Create);
        routes.Get("/checkout/sessions", Parameters.OfList("customer:str payment_intent:str subscription:str customer_details:{email!:str}"), List);
        routes.Get("/checkout/sessions/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/checkout/sessions/{id}/expire", Parameters.Of(""), ExpireNow);
        routes.Get("/checkout/sessions/{id}/line_items", Parameters.OfList(), call => StripeList.Page(call, ItemsOf(call, call.Get(Type, call.Id)).Reverse()));
    }

    public static IEnumerable<JsonObject> ItemsOf(StripeContext context, JsonObject session) => context.Work.All(ItemType).Where(i => i["_session"]!.ToString() == session["id"]!.ToString());

    public static bool IsOpen(JsonObject session) => session["status"]!.ToString() == "open";

    /// <summary>The payer has paid, or begun what costs nothing yet.</summary>
    /// <param name="intent">Null where nothing was to be paid.</param>
    public static void Complete(StripeContext context, JsonObject session, JsonObject? intent)
    {
        if (!IsOpen(session)) return;
        (session["status"], session["url"]) = ("complete", null);
        session["payment_status"] = intent is null ? "no_payment_required" : "paid";
        if (session["mode"]!.ToString() == "payment" && DiscountOf(context, session) is { } wanted) Discounts.Redeem(context, wanted, session["customer"]?.ToString(), null, session["id"]!.ToString());
        context.Emit("checkout.session.completed", session);
    }

    public static void Expire(StripeContext context, JsonObject session)
    {
        (session["status"], session["url"]) = ("expired", null);
        if (session["mode"]!.ToString() == "payment" && context.Work.Find(PaymentIntents.Type, session["payment_intent"]?.ToString()) is { } intent && intent["status"]!.ToString() is not ("succeeded" or "canceled"))
            PaymentIntents.Cancel(context, intent, "abandoned");
        context.Emit("checkout.session.expired", session);
    }

    public static void ExpireDue(StripeContext context)
    {
        foreach (var id in context.Work.All(Type).Where(s => IsOpen(s) && s["expires_at"]!.Whole() <= context.Now).Select(s => s["id"]!.ToString()).ToList()) Expire(context, context.Get(Type, id));
    }

    /// <summary>Puts a discount on what is to be paid; the last one stands.</summary>
    /// <exception cref="StripeException">Too little would be left to charge.</exception>
    public static void Reduce(StripeContext context, JsonObject session, Discounts.Wanted? wanted)
    {
        var (subtotal, currency) = (session["amount_subtotal"]!.Whole(), session["currency"]!.ToString());
        var off = wanted is { Coupon: var coupon } ? Discounts.Off(coupon, subtotal) : 0;
        if (session["mode"]!.ToString() == "payment" && subtotal - off < StripeCurrency.Smallest(currency))
            throw StripeException.Invalid($"The Checkout Session's total amount due must add up to at least {StripeCurrency.Text(StripeCurrency.Smallest(currency), currency)}.", "line_items", "amount_too_small");
        (session["_coupon"], session["_code"]) = (wanted?.Coupon["id"]!.ToString(), wanted?.Code?["id"]!.ToString());
        session["amount_total"] = subtotal - off;
        session["total_details"] = new JsonObject { ["amount_discount"] = off, ["amount_shipping"] = 0, ["amount_tax"] = 0 };
        var (given, seen) = (0L, 0L);
        foreach (var item in ItemsOf(context, session).Select(i => i["id"]!.ToString()).ToList().Select(id => context.Get(ItemType, id)))
        {
            seen += item["amount_subtotal"]!.Whole();
            var part = subtotal == 0 ? 0 : (long)((decimal)off * seen / subtotal) - given;
            given += part;
            (item["amount_discount"], item["amount_total"]) = (part, item["amount_subtotal"]!.Whole() - part);
        }
    }

    /// <summary>The discount that stands on the session; null where there is none.</summary>
    public static Discounts.Wanted? DiscountOf(StripeContext context, JsonObject session) => session["_coupon"]?.ToString() is not { } coupon ? null
        : new(context.Get(Coupons.Type, coupon), session["_code"]?.ToString() is { } code ? context.Get(PromotionCodes.Type, code) : null);

    static JsonNode Create(StripeCall call)
    {
        var mode = call.Text("mode") ?? throw StripeException.Invalid("Missing required param: mode.", "mode", "parameter_missing");
        if (mode == "setup") throw StripeException.Invalid("The sandbox does not play mode=setup.", "mode");
        foreach (var url in (string[])["success_url", "cancel_url"])
            if (call.Text(url) is { } address && !Uri.TryCreate(address.Replace("{CHECKOUT_SESSION_ID}", "id", StringComparison.Ordinal), UriKind.Absolute, out _)) throw StripeException.Invalid("Not a valid URL", url, "url_invalid");
        if (call.Has("customer") && call.Has("customer_email")) throw StripeException.Invalid("You may only specify one of these parameters: customer, customer_email.", "customer");
        if (call.Text("customer_email") is { } email && !email.Contains('@')) throw StripeException.Invalid($"Invalid email address: {email}", "customer_email", "email_invalid");
        if (mode == "subscription" != call.Has("subscription_data") && call.Has("subscription_data")) throw StripeException.Invalid("subscription_data is for mode=subscription.", "subscription_data");
        if (mode == "subscription" && call.Has("payment_intent_data")) throw StripeException.Invalid("You can not pass `payment_intent_data` in `subscription` mode.", "payment_intent_data");
        if (mode == "subscription" && call.Has("customer_creation")) throw StripeException.Invalid("`customer_creation` can only be used in `payment` mode.", "customer_creation");
        if (call.Has("discounts") && call.Flag("allow_promotion_codes") is not null) throw StripeException.Invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.", "discounts");
        if (call.Number("expires_at") is { } wanted && (wanted < (call.Time + Shortest).ToUnixTimeSeconds() || wanted > (call.Time + Longest).ToUnixTimeSeconds()))
            throw StripeException.Invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.", "expires_at");
        var customer = call.Text("customer") is { } id ? call.Get(Customers.Type, id, "customer") : null;
        if (call.Group("payment_intent_data") is { } data) RequireReceivers(call, data);
        var session = call.Add(Type, "cs_test", Fresh(call, mode, customer));
        session["url"] = $"{call.Address}/stripe/checkout/{session["id"]}";
        call.CopyTo(session, "client_reference_id", "success_url", "cancel_url", "customer_email", "allow_promotion_codes", "locale", "submit_type");
        (session["_intent"], session["_subscription"]) = (call.Group("payment_intent_data")?.DeepClone(), call.Group("subscription_data")?.DeepClone());
        AddItems(call, session, mode);
        if (call.List("discounts") is { Count: > 1 }) throw StripeException.Invalid("At most one discount.", "discounts");
        var given = call.List("discounts")?.FirstOrDefault()?.AsObject();
        Reduce(call, session, given is null ? null
            : Discounts.Find(call, given["coupon"]?.ToString(), given["promotion_code"]?.ToString(), customer?["id"]!.ToString(), session["amount_subtotal"]!.Whole(), session["currency"]!.ToString(), "discounts[0]"));
        return DocumentWork.Shown(session);
    }

    static void AddItems(StripeCall call, JsonObject session, string mode)
    {
        if (call.List("line_items") is not { Count: > 0 } lines) throw StripeException.Invalid("Missing required param: line_items.", "line_items", "parameter_missing");
        var prices = new List<JsonObject>();
        var subtotal = 0L;
        foreach (var (index, line) in lines.Index())
        {
            var name = $"line_items[{index}]";
            if (line!["price"] is null == line["price_data"] is null) throw StripeException.Invalid($"You must provide exactly one of {name}[price] and {name}[price_data].", $"{name}[price]", "parameter_missing");
            var quantity = line["quantity"]?.Whole() ?? throw StripeException.Invalid($"Missing required param: {name}[quantity].", $"{name}[quantity]", "parameter_missing");
            if (quantity < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", $"{name}[quantity]", "parameter_invalid_integer");
            var price = line["price"]?.ToString() is { } id ? call.Get(Prices.Type, id, $"{name}[price]") : Prices.Make(call, line["price_data"]!.AsObject(), $"{name}[price_data]");
            if (mode == "payment" && price["recurring"] is not null) throw StripeException.Invalid("You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.", $"{name}[price]");
            if (mode == "subscription" && price["recurring"] is null) throw StripeException.Invalid("The sandbox takes only recurring prices in `subscription` mode.", $"{name}[price]");
            if (line["price"] is not null && !price["active"]!.GetValue<bool>()) throw StripeException.Invalid("The price specified is inactive.", $"{name}[price]");
            prices.Add(price);
            var amount = checked(Prices.Amount(price) * quantity);
            subtotal += amount;
            var item = call.Add(ItemType, "li", new()
            {
                ["amount_discount"] = 0,
                ["amount_subtotal"] = amount,
                ["amount_tax"] = 0,
                ["amount_total"] = amount,
                ["currency"] = price["currency"]!.ToString(),
                ["description"] = call.Get(Products.Type, price["product"]!.ToString())["name"]!.ToString(),
                ["price"] = DocumentWork.Shown(price),
                ["quantity"] = quantity,
            });
            item["_session"] = session["id"]!.ToString();
        }
        if (prices.Select(p => p["currency"]!.ToString()).Distinct().Count() > 1) throw StripeException.Invalid("All line items must have the same currency.", "line_items");
        if (mode == "subscription") SubscriptionChanges.RequireOnePeriod(prices);
        var trial = mode == "subscription" && (session["_subscription"]?["trial_period_days"] ?? session["_subscription"]?["trial_end"]) is not null;
        (session["currency"], session["amount_subtotal"]) = (prices[0]["currency"]!.ToString(), trial ? 0 : subtotal);
    }

    static void RequireReceivers(StripeCall call, JsonObject data)
    {
        if (data["application_fee_amount"] is not null && data["transfer_data"] is null)
            throw StripeException.Invalid("Can only apply an application_fee_amount together with transfer_data[destination].", "payment_intent_data[application_fee_amount]");
        if (data["transfer_data"]?["destination"]?.ToString() is { } destination) Accounts.RequireReceiver(call, destination, "payment_intent_data[transfer_data][destination]");
        if (data["on_behalf_of"]?.ToString() is { } merchant) Accounts.RequireReceiver(call, merchant, "payment_intent_data[on_behalf_of]");
    }

    static JsonObject Fresh(StripeCall call, string mode, JsonObject? customer) => new()
    {
        ["after_expiration"] = null,
        ["allow_promotion_codes"] = null,
        ["amount_subtotal"] = 0,
        ["amount_total"] = 0,
        ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["status"] = null },
        ["billing_address_collection"] = null,
        ["cancel_url"] = null,
        ["client_reference_id"] = null,
        ["consent"] = null,
        ["consent_collection"] = null,
        ["created"] = call.Now,
        ["currency"] = null,
        ["currency_conversion"] = null,
        ["custom_fields"] = new JsonArray(),
        ["custom_text"] = new JsonObject { ["shipping_address"] = null, ["submit"] = null, ["terms_of_service_acceptance"] = null },
        ["customer"] = customer?["id"]!.ToString(),
        ["customer_creation"] = mode == "subscription" || customer is not null ? null : call.Text("customer_creation") ?? "if_required",
        ["customer_details"] = (customer?["email"] ?? call.Parameters["customer_email"])?.ToString() is { } email ? Details(email, customer?["name"]?.ToString()) : null,
        ["customer_email"] = null,
        ["expires_at"] = call.Number("expires_at") ?? (call.Time + Longest).ToUnixTimeSeconds(),
        ["invoice"] = null,
        ["invoice_creation"] = mode == "payment"
            ? new JsonObject { ["enabled"] = false, ["invoice_data"] = new JsonObject { ["account_tax_ids"] = null, ["custom_fields"] = null, ["description"] = null, ["footer"] = null, ["metadata"] = new JsonObject(), ["rendering_options"] = null } }
            : null,
        ["livemode"] = false,
        ["locale"] = null,
        ["metadata"] = new JsonObject(),
        ["mode"] = mode,
        ["payment_intent"] = null,
        ["payment_link"] = null,
        ["payment_method_collection"] = mode == "subscription" ? "always" : "if_required",
        ["payment_method_options"] = new JsonObject(),
        ["payment_method_types"] = new JsonArray("card"),
        ["payment_status"] = "unpaid",
        ["phone_number_collection"] = new JsonObject { ["enabled"] = false },
        ["recovered_from"] = null,
        ["setup_intent"] = null,
        ["shipping_address_collection"] = null,
        ["shipping_cost"] = null,
        ["shipping_details"] = null,
        ["shipping_options"] = new JsonArray(),
        ["status"] = "open",
        ["submit_type"] = null,
        ["subscription"] = null,
        ["success_url"] = null,
        ["total_details"] = null,
        ["url"] = null,
    };

    public static JsonObject Details(string email, string? name) => new()
    {
        ["address"] = Customers.Address([]), ["email"] = email, ["name"] = name, ["phone"] = null, ["tax_exempt"] = "none", ["tax_ids"] = new JsonArray(),
    };

    static JsonNode ExpireNow(StripeCall call)
    {
        var session = call.Get(Type, call.Id);
        if (!IsOpen(session)) throw StripeException.Invalid($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {session["status"]}.");
        Expire(call, session);
        return DocumentWork.Shown(session);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(s =>
        (call.Text("customer") is not { } customer || s["customer"]?.ToString() == customer)
        && (call.Text("payment_intent") is not { } intent || s["payment_intent"]?.ToString() == intent)
        && (call.Text("subscription") is not { } subscription || s["subscription"]?.ToString() == subscription)
        && (call.Group("customer_details")?["email"]?.ToString() is not { } email || s["customer_details"]?["email"]?.ToString() == email)));
}
