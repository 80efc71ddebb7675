using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Pages;

namespace Empire.Sandbox.Stripe;

/// <summary>The pages on which a customer sees to what they pay. <c>answer</c> is card (a test card in <c>card</c>, as pm_card_visa), cancel or keep (a <c>subscription</c>), or back.</summary>
static class BillingPortal
{
    const string Type = "billing_portal.session";

    public static void Map(StripeRoutes routes, WebApplication app)
    {
        routes.Post("/billing_portal/sessions", Parameters.Of("customer!:str return_url:str configuration:str locale:str on_behalf_of:str"), Create);
        app.MapGet("/stripe/portal/{id}", (string id, HttpContext http, StripeSessions stripe) => stripe.Change(http, context => context.Work.Find(Type, id) is { } session ? Show(context, session, null) : Unknown()));
        app.MapPost("/stripe/portal/{id}", AnswerAsync).DisableAntiforgery();
    }

    static JsonNode Create(StripeCall call)
    {
        var customer = call.Get(Customers.Type, call.Text("customer") ?? "", "customer");
        if (call.Text("return_url") is { } back && !Uri.TryCreate(back, UriKind.Absolute, out _)) throw StripeException.Invalid("Not a valid URL", "return_url", "url_invalid");
        var id = StripeContext.NewId("bps");
        var session = new JsonObject
        {
            ["id"] = id, ["object"] = Type, ["configuration"] = call.Text("configuration") ?? "bpc_sandbox", ["created"] = call.Now, ["customer"] = customer["id"]!.ToString(), ["flow"] = null, ["livemode"] = false,
            ["locale"] = call.Text("locale"), ["on_behalf_of"] = call.Text("on_behalf_of"), ["return_url"] = call.Text("return_url"), ["url"] = $"{call.Address}/stripe/portal/{id}",
        };
        call.Work.Add(Type, session);
        return DocumentWork.Shown(session);
    }

    static async Task<IResult> AnswerAsync(string id, HttpContext http, StripeSessions stripe)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        return stripe.Change(http, context => context.Work.Find(Type, id) is { } session ? Answer(context, session, form) : Unknown());
    }

    static IResult Answer(StripeContext context, JsonObject session, IFormCollection form)
    {
        var customer = context.Get(Customers.Type, session["customer"]!.ToString());
        switch (form["answer"].ToString())
        {
            case "card":
                return Charge(context, session, customer, form["card"] is [{ Length: > 0 } wanted] ? wanted : "pm_card_visa");
            case "cancel" or "keep":
                if (Running(context, customer).FirstOrDefault(s => s["id"]!.ToString() == form["subscription"].ToString()) is not { } subscription) return Show(context, session, "There is no such subscription.", 400);
                subscription["cancel_at_period_end"] = form["answer"].ToString() == "cancel";
                subscription["canceled_at"] = form["answer"].ToString() == "cancel" ? TestClocks.At(context, customer).Now : null;
                TestClocks.At(context, customer).Emit("customer.subscription.updated", subscription);
                return Show(context, session, null);
            case "back":
                return session["return_url"]?.ToString() is { } back ? Results.Redirect(back) : Page.Of("Done", "<p>You can close this page.</p>");
            default:
                return Page.Of("Not understood", "<p>The field answer is card, cancel, keep or back.</p>", 400);
        }
    }

    /// <summary>From now on the customer, and each of their subscriptions, is charged on this card.</summary>
    static IResult Charge(StripeContext context, JsonObject session, JsonObject customer, string wanted)
    {
        if (TestCards.Find(wanted) is null || !wanted.StartsWith("pm_card_", StringComparison.Ordinal)) return Show(context, session, "The field card is a test card, as pm_card_visa.", 400);
        JsonObject method;
        try { method = PaymentMethods.Attach(context, PaymentMethods.Resolve(context, wanted), customer["id"]!.ToString()); }
        catch (StripeException declined) { return Show(context, session, $"{declined.Message} You can try another card.", 402); }
        customer["invoice_settings"]!["default_payment_method"] = method["id"]!.ToString();
        foreach (var subscription in Running(context, customer).Where(s => s["default_payment_method"] is not null)) subscription["default_payment_method"] = method["id"]!.ToString();
        TestClocks.At(context, customer).Emit("customer.updated", customer);
        return Show(context, session, null);
    }

    static List<JsonObject> Running(StripeContext context, JsonObject customer) =>
        [.. context.Work.All(Subscriptions.Type).Where(s => s["customer"]!.ToString() == customer["id"]!.ToString() && !Subscriptions.IsOver(s)).Select(s => s["id"]!.ToString()).ToList().Select(id => context.Get(Subscriptions.Type, id))];

    static IResult Show(StripeContext context, JsonObject session, string? problem, int status = 200)
    {
        var customer = context.Get(Customers.Type, session["customer"]!.ToString());
        var card = context.Work.Find(PaymentMethods.Type, customer["invoice_settings"]!["default_payment_method"]?.ToString())?["card"];
        var subscriptions = string.Concat(Running(context, customer).Select(s => $"""
            <form method="post"><p>{Page.E(s["id"]!.ToString())}: {Page.E(s["status"]!.ToString())}{(s["cancel_at_period_end"]!.GetValue<bool>() ? ", ends with its period" : "")}</p>
            <input type="hidden" name="subscription" value="{Page.E(s["id"]!.ToString())}">{(s["cancel_at_period_end"]!.GetValue<bool>() ? Page.Button("answer", "keep", "Keep it", soft: true) : Page.Button("answer", "cancel", "End it", soft: true))}</form>
            """));
        return Page.Of("Billing", $"""
            <p>{Page.E(customer["email"]?.ToString())}</p><p>{(card is null ? "No card." : $"Card: {Page.E(card["brand"]!.ToString())} ending in {Page.E(card["last4"]!.ToString())}.")}</p>
            {(problem is null ? "" : $"<p role=\"alert\"><strong>{Page.E(problem)}</strong></p>")}
            <form method="post"><label>Test card <input name="card" value="pm_card_visa"></label>{Page.Button("answer", "card", "Use this card")}</form>{subscriptions}
            <form method="post">{Page.Button("answer", "back", "Back", soft: true)}</form>
            """, status);
    }

    static IResult Unknown() => Page.Of("Not found", "<p>There is no such page.</p>", 404);
}
