using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What a customer owes for a period, or for a change in the middle of one. <see cref="InvoicePayment"/> collects it.</summary>
static class Invoices
{
    /// <summary>An amount that waits for the next invoice is an invoice item.</summary>
    public const string Type = "invoice", ItemType = "invoiceitem";

    public static void Map(StripeRoutes routes)
    {
        routes.Get("/invoices", Parameters.OfList("created:range customer:str subscription:str status:draft|open|paid|uncollectible|void"), List);
        routes.Get("/invoices/upcoming", Parameters.Of("customer:str subscription:str coupon:str subscription_items:[{id:str price:str quantity:int deleted:bool}] "
            + "subscription_proration_behavior:always_invoice|create_prorations|none"), UpcomingInvoice.Get);
        routes.Get("/invoices/{id}", call => FirstLines(DocumentWork.Shown(call.Get(Type, call.Id))));
        routes.Get("/invoices/{id}/lines", Parameters.OfList(), call => StripeList.Page(call, call.Get(Type, call.Id)["lines"]!["data"]!.AsArray().Select(l => l!.DeepClone().AsObject()).Reverse().ToList()));
        routes.Post("/invoices/{id}/pay", Parameters.Of("payment_method:str off_session:bool paid_out_of_band:bool"), InvoicePayment.Pay);
        routes.Post("/invoices/{id}/void", Parameters.Of(""), call => Close(call, Void));
        routes.Post("/invoices/{id}/mark_uncollectible", Parameters.Of(""), call => Close(call, GiveUp));
        routes.Get("/invoiceitems", Parameters.OfList("created:range customer:str invoice:str pending:bool"), ListItems);
    }

    /// <summary>As an invoice is shown: with its first lines; all of them are a list of their own.</summary>
    public static JsonObject FirstLines(JsonObject invoice)
    {
        const int Most = 10;
        if (invoice["lines"]!["data"]!.AsArray() is not { Count: > Most } lines) return invoice;
        while (lines.Count > Most) lines.RemoveAt(Most);
        invoice["lines"]!["has_more"] = true;
        return invoice;
    }

    /// <summary>The invoice of the subscription's current period, with what was pending; final, and paid already where nothing is owed.</summary>
    public static JsonObject MakeForPeriod(StripeContext at, JsonObject subscription, string reason) => Make(at, subscription, reason, LinesForPeriod(at, subscription));

    /// <summary>What was pending, and the current period.</summary>
    public static List<JsonObject> LinesForPeriod(StripeContext at, JsonObject subscription)
    {
        var lines = TakePending(at, subscription);
        var (start, end) = (subscription["current_period_start"]!.Whole(), subscription["current_period_end"]!.Whole());
        var trial = subscription["status"]!.ToString() == "trialing";
        foreach (var item in Subscriptions.Items(subscription))
        {
            var quantity = item!["quantity"]!.Whole();
            var amount = trial ? 0 : Prices.Amount(item["price"]!.AsObject()) * quantity;
            lines.Add(Line(subscription, item.AsObject(), amount, start, end, $"{(trial ? "Free trial of" : $"{quantity} ×")} {NameOf(at, item.AsObject())}", null));
        }
        return lines;
    }

    /// <returns>Null when nothing is pending.</returns>
    public static JsonObject? MakeForPending(StripeContext at, JsonObject subscription) =>
        TakePending(at, subscription) is { Count: > 0 } lines ? Make(at, subscription, "subscription_update", lines) : null;

    public static void AddPending(StripeContext at, JsonObject subscription, JsonObject item, long amount, long start, long end, string description)
    {
        var pending = at.Add(ItemType, "ii", new()
        {
            ["amount"] = amount,
            ["currency"] = subscription["currency"]!.ToString(),
            ["customer"] = subscription["customer"]!.ToString(),
            ["date"] = at.Now,
            ["description"] = description,
            ["discountable"] = false,
            ["discounts"] = new JsonArray(),
            ["invoice"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["period"] = new JsonObject { ["end"] = end, ["start"] = start },
            ["price"] = item["price"]!.DeepClone(),
            ["proration"] = true,
            ["quantity"] = item["quantity"]!.DeepClone(),
            ["subscription"] = subscription["id"]!.ToString(),
            ["subscription_item"] = item["id"]!.ToString(),
            ["tax_rates"] = new JsonArray(),
            ["test_clock"] = subscription["test_clock"]?.ToString(),
            ["unit_amount"] = amount,
            ["unit_amount_decimal"] = $"{amount}",
        });
        at.Emit("invoiceitem.created", pending);
    }

    public static string NameOf(StripeContext at, JsonObject item) => at.Get(Products.Type, item["price"]!["product"]!.ToString())["name"]!.ToString();

    public static void Void(StripeContext at, JsonObject invoice)
    {
        (invoice["status"], invoice["next_payment_attempt"], invoice["status_transitions"]!["voided_at"]) = ("void", null, at.Now);
        CustomerBalance.Follow(at, at.Get(Customers.Type, invoice["customer"]!.ToString()), invoice, "unapplied_from_invoice", invoice["starting_balance"]!.Whole() - invoice["ending_balance"]!.Whole());
        at.Emit("invoice.voided", invoice);
        PendingUpdates.Forget(at, invoice);
        if (at.Work.Find(PaymentIntents.Type, invoice["payment_intent"]?.ToString()) is { } intent && intent["status"]!.ToString() is not ("succeeded" or "canceled")) PaymentIntents.Cancel(at, intent, "void_invoice");
        InvoicePayment.CatchUp(at, invoice);
    }

    static void GiveUp(StripeContext at, JsonObject invoice)
    {
        (invoice["status"], invoice["next_payment_attempt"], invoice["status_transitions"]!["marked_uncollectible_at"]) = ("uncollectible", null, at.Now);
        at.Emit("invoice.marked_uncollectible", invoice);
    }

    static JsonNode Close(StripeCall call, Action<StripeContext, JsonObject> how)
    {
        var invoice = call.Get(Type, call.Id);
        if (invoice["status"]!.ToString() is not ("open" or "uncollectible")) throw StripeException.Invalid($"You can only pass in open invoices. This invoice is {invoice["status"]}.", null, "invoice_not_editable");
        how(TestClocks.At(call, call.Get(Customers.Type, invoice["customer"]!.ToString())), invoice);
        return DocumentWork.Shown(invoice);
    }

    static JsonObject Make(StripeContext at, JsonObject subscription, string reason, List<JsonObject> lines)
    {
        var invoice = Draft(at, subscription, reason, lines);
        Finalize(at, subscription, invoice, lines);
        return invoice;
    }

    /// <summary>An invoice as its lines make it, before it has a number and anything follows from it.</summary>
    public static JsonObject Draft(StripeContext at, JsonObject subscription, string reason, List<JsonObject> lines)
    {
        var customer = at.Get(Customers.Type, subscription["customer"]!.ToString());
        var id = StripeContext.NewId("in");
        var (off, discount) = Discounts.Apply(at, subscription, lines);
        var subtotal = lines.Sum(l => l["amount"]!.Whole());
        var taxes = TaxRates.Of(subscription, subtotal - off);
        var (onTop, within) = (TaxRates.Sum(taxes, inclusive: false), TaxRates.Sum(taxes, inclusive: true));
        var total = subtotal - off + onTop;
        var balance = customer["balance"]!.Whole();
        var currency = subscription["currency"]!.ToString();
        // a credit, or what is too little for a card, is carried to the next invoice by the customer's balance
        var due = total + balance >= StripeCurrency.Smallest(currency) ? total + balance : 0;
        var carried = total + balance - due;
        return at.Work.Add(Type, new()
        {
            ["id"] = id,
            ["object"] = Type,
            ["account_country"] = "US",
            ["account_name"] = "Sandbox",
            ["account_tax_ids"] = null,
            ["amount_due"] = due,
            ["amount_paid"] = 0,
            ["amount_remaining"] = due,
            ["amount_shipping"] = 0,
            ["application"] = null,
            ["application_fee_amount"] = null,
            ["attempt_count"] = 0,
            ["attempted"] = false,
            ["auto_advance"] = true,
            ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["status"] = null },
            ["billing_reason"] = reason,
            ["charge"] = null,
            ["collection_method"] = "charge_automatically",
            ["created"] = at.Now,
            ["currency"] = currency,
            ["custom_fields"] = null,
            ["customer"] = customer["id"]!.ToString(),
            ["customer_address"] = customer["address"]?.DeepClone(),
            ["customer_email"] = customer["email"]?.ToString(),
            ["customer_name"] = customer["name"]?.ToString(),
            ["customer_phone"] = customer["phone"]?.ToString(),
            ["customer_shipping"] = customer["shipping"]?.DeepClone(),
            ["customer_tax_exempt"] = "none",
            ["customer_tax_ids"] = new JsonArray(),
            ["default_payment_method"] = null,
            ["default_source"] = null,
            ["default_tax_rates"] = subscription["default_tax_rates"]!.DeepClone(),
            ["description"] = null,
            ["discount"] = discount?.DeepClone(),
            ["discounts"] = discount is null ? new JsonArray() : new JsonArray(discount["id"]!.ToString()),
            ["due_date"] = null,
            ["effective_at"] = null,
            ["ending_balance"] = carried,
            ["footer"] = null,
            ["from_invoice"] = null,
            ["hosted_invoice_url"] = $"{at.Address}/stripe/invoices/{id}",
            ["invoice_pdf"] = null,
            ["last_finalization_error"] = null,
            ["latest_revision"] = null,
            ["lines"] = new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. lines]), ["has_more"] = false, ["url"] = $"/v1/invoices/{id}/lines" },
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["next_payment_attempt"] = null,
            ["number"] = null,
            ["on_behalf_of"] = null,
            ["paid"] = false,
            ["paid_out_of_band"] = false,
            ["payment_intent"] = null,
            ["payment_settings"] = new JsonObject { ["default_mandate"] = null, ["payment_method_options"] = null, ["payment_method_types"] = null },
            ["period_end"] = at.Now,
            ["period_start"] = reason == "subscription_create" ? at.Now : subscription["current_period_start"]!.DeepClone(),
            ["post_payment_credit_notes_amount"] = 0,
            ["pre_payment_credit_notes_amount"] = 0,
            ["quote"] = null,
            ["receipt_number"] = null,
            ["rendering_options"] = null,
            ["shipping_cost"] = null,
            ["shipping_details"] = null,
            ["starting_balance"] = balance,
            ["statement_descriptor"] = null,
            ["status"] = "draft",
            ["status_transitions"] = new JsonObject { ["finalized_at"] = null, ["marked_uncollectible_at"] = null, ["paid_at"] = null, ["voided_at"] = null },
            ["subscription"] = subscription["id"]!.ToString(),
            ["subscription_details"] = new JsonObject { ["metadata"] = subscription["metadata"]!.DeepClone() },
            ["subtotal"] = subtotal,
            ["subtotal_excluding_tax"] = subtotal - within,
            ["tax"] = taxes.Count == 0 ? null : onTop + within,
            ["test_clock"] = subscription["test_clock"]?.ToString(),
            ["total"] = total,
            ["total_discount_amounts"] = discount is null ? new JsonArray() : new JsonArray(new JsonObject { ["amount"] = off, ["discount"] = discount["id"]!.ToString() }),
            ["total_excluding_tax"] = total - onTop - within,
            ["total_tax_amounts"] = taxes,
            ["transfer_data"] = null,
            ["webhooks_delivered_at"] = at.Now,
            ["_retries"] = 0,
        });
    }

    /// <summary>It gets its number, uses up what was pending, the customer's balance and a discount for once, and is paid already where nothing is owed.</summary>
    static void Finalize(StripeContext at, JsonObject subscription, JsonObject invoice, List<JsonObject> lines)
    {
        var customer = at.Get(Customers.Type, subscription["customer"]!.ToString());
        var (id, due) = (invoice["id"]!.ToString(), invoice["amount_due"]!.Whole());
        foreach (var line in lines)
            if (line["invoice_item"]?.ToString() is { } pending) at.Get(ItemType, pending)["invoice"] = id;
        at.Emit("invoice.created", invoice);
        (invoice["status"], invoice["effective_at"], invoice["status_transitions"]!["finalized_at"]) = ("open", at.Now, at.Now);
        invoice["number"] = $"{customer["invoice_prefix"]}-{customer["next_invoice_sequence"]!.Whole():0000}";
        customer["next_invoice_sequence"] = customer["next_invoice_sequence"]!.Whole() + 1;
        CustomerBalance.Follow(at, customer, invoice, "applied_to_invoice", invoice["ending_balance"]!.Whole() - invoice["starting_balance"]!.Whole());
        customer["currency"] = invoice["currency"]!.ToString();
        subscription["latest_invoice"] = id;
        if (invoice["discount"] is not null) Discounts.Used(at, subscription);
        if (due > 0) invoice["payment_intent"] = IntentFor(at, invoice, subscription)["id"]!.ToString();
        at.Emit("invoice.finalized", invoice);
        if (due == 0) InvoicePayment.MarkPaid(at, invoice, null);
    }

    static JsonObject IntentFor(StripeContext at, JsonObject invoice, JsonObject subscription)
    {
        var intent = PaymentIntents.Make(at, invoice["amount_due"]!.Whole(), invoice["currency"]!.ToString());
        (intent["customer"], intent["invoice"]) = (invoice["customer"]!.ToString(), invoice["id"]!.ToString());
        (intent["description"], intent["setup_future_usage"]) = (invoice["billing_reason"]!.ToString() switch { "subscription_create" => "Subscription creation", _ => "Subscription update" }, "off_session");
        if (Subscriptions.MethodOf(at, subscription) is { } method) (intent["payment_method"], intent["status"]) = (method, "requires_confirmation");
        at.Emit("payment_intent.created", intent);
        return intent;
    }

    public static List<JsonObject> TakePending(StripeContext at, JsonObject subscription)
    {
        var id = subscription["id"]!.ToString();
        return [.. at.Work.All(ItemType).Where(i => i["invoice"] is null && i["subscription"]?.ToString() == id).Select(i =>
            Line(subscription, new() { ["id"] = i["subscription_item"]!.ToString(), ["price"] = i["price"]!.DeepClone(), ["quantity"] = i["quantity"]!.DeepClone() },
                i["amount"]!.Whole(), i["period"]!["start"]!.Whole(), i["period"]!["end"]!.Whole(), i["description"]!.ToString(), i["id"]!.ToString()))];
    }

    static JsonObject Line(JsonObject subscription, JsonObject item, long amount, long start, long end, string description, string? pending)
    {
        var line = new JsonObject
        {
            ["id"] = StripeContext.NewId("il"),
            ["object"] = "line_item",
            ["amount"] = amount,
            ["amount_excluding_tax"] = amount,
            ["currency"] = subscription["currency"]!.ToString(),
            ["description"] = description,
            ["discount_amounts"] = new JsonArray(),
            ["discountable"] = pending is null,
            ["discounts"] = new JsonArray(),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["period"] = new JsonObject { ["end"] = end, ["start"] = start },
            ["price"] = item["price"]!.DeepClone(),
            ["proration"] = pending is not null,
            ["proration_details"] = new JsonObject { ["credited_items"] = null },
            ["quantity"] = item["quantity"]!.DeepClone(),
            ["subscription"] = subscription["id"]!.ToString(),
            ["subscription_item"] = item["id"]!.ToString(),
            ["tax_amounts"] = new JsonArray(),
            ["tax_rates"] = new JsonArray(),
            ["type"] = pending is null ? "subscription" : "invoiceitem",
            ["unit_amount_excluding_tax"] = $"{item["price"]!["unit_amount"]}",
        };
        if (pending is not null) line["invoice_item"] = pending;
        return line;
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(i =>
        (call.Text("customer") is not { } customer || i["customer"]!.ToString() == customer)
        && (call.Text("subscription") is not { } subscription || i["subscription"]?.ToString() == subscription)
        && (call.Text("status") is not { } status || i["status"]!.ToString() == status)));

    static JsonObject ListItems(StripeCall call) => StripeList.Page(call, call.Work.All(ItemType).Where(i =>
        (call.Text("customer") is not { } customer || i["customer"]!.ToString() == customer)
        && (call.Text("invoice") is not { } invoice || i["invoice"]?.ToString() == invoice)
        && (call.Flag("pending") is not { } pending || i["invoice"] is null == pending)));
}
