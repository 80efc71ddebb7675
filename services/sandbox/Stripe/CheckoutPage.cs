using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Pages;

namespace Empire.Sandbox.Stripe;

/// <summary>The page of a checkout session: <c>answer</c> is pay, decline, authenticate, cancel, or apply with a promotion <c>code</c>.</summary>
static class CheckoutPage
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/stripe/checkout/{id}", (string id, HttpContext http, StripeSessions stripe) => stripe.Change(http, context => context.Work.Find(CheckoutSessions.Type, id) is { } session ? Show(context, session, null) : Unknown()));
        app.MapPost("/stripe/checkout/{id}", AnswerAsync).DisableAntiforgery();
        app.MapGet("/stripe/checkout/{id}/back", Back);
    }

    /// <summary>Where the bank's question leads back to.</summary>
    public static string BackTo(StripeContext context, JsonObject session) => $"{context.Address}/stripe/checkout/{session["id"]}/back";

    static async Task<IResult> AnswerAsync(string id, HttpContext http, StripeSessions stripe)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        return stripe.Change(http, context => context.Work.Find(CheckoutSessions.Type, id) is { } session ? Answer(context, session, form) : Unknown());
    }

    static IResult Answer(StripeContext context, JsonObject session, IFormCollection form)
    {
        if (IsOver(context, session)) return Show(context, session, null, 409);
        switch (form["answer"].ToString())
        {
            case "cancel":
                return session["cancel_url"]?.ToString() is { } back ? Results.Redirect(Filled(back, session)) : Page.Of("Canceled", "<p>Nothing was charged. You can close this page.</p>");
            case "apply":
                return Apply(context, session, form["code"].ToString());
            case "pay" or "decline" or "authenticate":
                return Pay(context, session, form);
            default:
                return Page.Of("Not understood", "<p>The field answer is pay, decline, authenticate, apply or cancel.</p>", 400);
        }
    }

    static IResult Pay(StripeContext context, JsonObject session, IFormCollection form)
    {
        var email = session["customer_details"]?["email"]?.ToString() ?? form["email"].ToString();
        if (!email.Contains('@', StringComparison.Ordinal)) return Show(context, session, "Please give an e-mail address.", 400);
        var card = form["answer"].ToString() switch { "decline" => "pm_card_chargeDeclined", "authenticate" => "pm_card_authenticationRequired", _ => form["card"] is [{ Length: > 0 } wanted] ? wanted : "pm_card_visa" };
        if (TestCards.Find(card) is null || !card.StartsWith("pm_card_", StringComparison.Ordinal)) return Show(context, session, "The field card is a test card, as pm_card_visa.", 400);
        if (CheckoutPayment.Pay(context, session, card, email) is { } declined) return Show(context, session, $"{declined.Message} You can try another card.", 402);
        if (!CheckoutSessions.IsOpen(session)) return Results.Redirect(Filled(session["success_url"]!.ToString(), session));
        var intent = context.Get(PaymentIntents.Type, session["payment_intent"]?.ToString() ?? context.Get(Invoices.Type, session["invoice"]!.ToString())["payment_intent"]!.ToString());
        return Results.Redirect(intent["next_action"]!["redirect_to_url"]!["url"]!.ToString());
    }

    static IResult Apply(StripeContext context, JsonObject session, string word)
    {
        if (session["allow_promotion_codes"]?.GetValue<bool>() != true) return Show(context, session, "This checkout takes no promotion codes.", 400);
        if (PromotionCodes.Find(context, word.Trim()) is not { } code) return Show(context, session, "This code is not valid.", 400);
        try
        {
            CheckoutSessions.Reduce(context, session, Discounts.Find(context, null, code["id"]!.ToString(), session["customer"]?.ToString(), session["amount_subtotal"]!.Whole(), session["currency"]!.ToString()));
            return Show(context, session, null);
        }
        catch (StripeException refusal)
        {
            return Show(context, session, refusal.Message, 400);
        }
    }

    static IResult Back(string id, HttpContext http, StripeSessions stripe) => stripe.Change(http, context => context.Work.Find(CheckoutSessions.Type, id) is not { } session ? Unknown()
        : session["status"]!.ToString() == "complete" ? Results.Redirect(Filled(session["success_url"]!.ToString(), session))
        : Show(context, session, "Your bank did not confirm the payment. You can try another card."));

    static IResult Show(StripeContext context, JsonObject session, string? problem, int status = 200)
    {
        if (IsOver(context, session)) return Page.Of(session["status"]!.ToString() == "complete" ? "Paid" : "Expired", $"<p>This checkout is {(session["status"]!.ToString() == "complete" ? "complete" : "over")}.</p>", status);
        var currency = session["currency"]!.ToString();
        var lines = string.Concat(CheckoutSessions.ItemsOf(context, session).Select(i => $"<li>{Page.E($"{i["quantity"]}")} × {Page.E(i["description"]!.ToString())}: {Page.E(StripeCurrency.Text(i["amount_subtotal"]!.Whole(), currency))}</li>"));
        var off = session["total_details"]!["amount_discount"]!.Whole();
        return Page.Of("Checkout", $"""
            <p class="amount">{Page.E(StripeCurrency.Text(session["amount_total"]!.Whole(), currency))}</p><ul>{lines}</ul>
            {(off > 0 ? $"<p>{Page.E(StripeCurrency.Text(off, currency))} off.</p>" : "")}{(problem is null ? "" : $"<p role=\"alert\"><strong>{Page.E(problem)}</strong></p>")}
            <form method="post">{(session["customer_details"]?["email"]?.ToString() is { } known ? $"<p>{Page.E(known)}</p>" : "<label>E-mail <input name=\"email\" type=\"email\" value=\"payer@example.com\"></label>")}
            {Page.Button("answer", "pay", session["mode"]!.ToString() == "payment" ? "Pay" : "Subscribe")} {Page.Button("answer", "authenticate", "Pay, the bank asks", soft: true)} {Page.Button("answer", "decline", "Decline", soft: true)} {Page.Button("answer", "cancel", "Cancel", soft: true)}</form>
            {(session["allow_promotion_codes"]?.GetValue<bool>() == true ? $"<form method=\"post\"><label>Promotion code <input name=\"code\"></label>{Page.Button("answer", "apply", "Apply", soft: true)}</form>" : "")}
            """, status);
    }

    static bool IsOver(StripeContext context, JsonObject session)
    {
        if (CheckoutSessions.IsOpen(session) && session["expires_at"]!.Whole() <= context.Now) CheckoutSessions.Expire(context, session);
        return !CheckoutSessions.IsOpen(session);
    }

    static string Filled(string url, JsonObject session) => url.Replace("{CHECKOUT_SESSION_ID}", session["id"]!.ToString(), StringComparison.Ordinal);

    static IResult Unknown() => Page.Of("Not found", "<p>There is no such checkout.</p>", 404);
}
