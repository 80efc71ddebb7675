using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Pages;

namespace Empire.Sandbox.Stripe;

/// <summary>Where the cardholder is sent: the bank's question of 3D Secure, an invoice that is to be paid, and receipts.</summary>
static class StripePages
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/stripe/authenticate/{id}", Ask);
        app.MapPost("/stripe/authenticate/{id}", AnswerAsync).DisableAntiforgery();
        app.MapGet("/stripe/receipts/{id}", Receipt);
        app.MapGet("/stripe/invoices/{id}", (string id, StripeStore store) => Find(store, Invoices.Type, id) is { } invoice ? Invoice(store, invoice, null) : Unknown());
        app.MapPost("/stripe/invoices/{id}", PayInvoiceAsync).DisableAntiforgery();
    }

    static IResult Ask(string id, StripeStore store) => Find(store, PaymentIntents.Type, id) is not { } intent ? Unknown()
        : intent["status"]!.ToString() != "requires_action" ? Page.Of("Nothing to confirm", $"<p>This payment is {Page.E(intent["status"]!.ToString())}.</p>")
        : Page.Of("Is it you?", $"""
            <p>Your bank asks whether you allow this payment.</p><p class="amount">{Page.E(Amount(intent))}</p>
            <form method="post">{Page.Button("answer", "complete", "Complete")} {Page.Button("answer", "fail", "Fail", soft: true)}</form>
            """);

    static async Task<IResult> AnswerAsync(string id, HttpContext http, StripeSessions stripe)
    {
        var answer = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync())["answer"].ToString() : "";
        if (answer is not ("complete" or "fail")) return Page.Of("Not understood", "<p>The field answer is complete or fail.</p>", 400);
        var (found, waiting, intent) = stripe.Change(http, context =>
        {
            if (context.Work.Find(PaymentIntents.Type, id) is not { } intent) return (false, false, new JsonObject());
            var waiting = intent["status"]!.ToString() == "requires_action";
            if (waiting) Confirmation.Answer(context, intent, answer == "complete");
            return (true, waiting, intent);
        });
        if (!found) return Unknown();
        if (!waiting) return Page.Of("Nothing to confirm", $"<p>This payment is {Page.E(intent["status"]!.ToString())}.</p>", 409);
        if (intent["_return_url"]?.ToString() is not { } back) return Page.Of(answer == "complete" ? "Confirmed" : "Not confirmed", "<p>You can close this page.</p>");
        return Results.Redirect(Page.WithQuery(back, ("payment_intent", id), ("payment_intent_client_secret", intent["client_secret"]!.ToString()),
            ("redirect_status", intent["status"]!.ToString() is "requires_payment_method" ? "failed" : "succeeded")));
    }

    static IResult Receipt(string id, StripeStore store) => Find(store, Charges.Type, id) is not { } charge || charge["status"]!.ToString() != "succeeded" ? Unknown()
        : Page.Of("Receipt", $"""<p class="amount">{Page.E(Amount(charge))}</p><p>{Page.E(charge["description"]?.ToString())}</p><p><code>{Page.E(id)}</code></p>""");

    /// <summary><c>answer</c> is complete or fail while the bank asks, and pay, with a test card as <c>card</c>, while it is open.</summary>
    static async Task<IResult> PayInvoiceAsync(string id, HttpContext http, StripeSessions stripe, StripeStore store)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        var (answer, card) = (form["answer"].ToString(), form["card"] is [{ Length: > 0 } wanted] ? wanted : "pm_card_visa");
        if (answer is not ("complete" or "fail" or "pay")) return Page.Of("Not understood", "<p>The field answer is complete, fail or pay.</p>", 400);
        if (TestCards.Find(card) is null || !card.StartsWith("pm_card_", StringComparison.Ordinal)) return Page.Of("Not understood", "<p>The field card is a test card, as pm_card_visa.</p>", 400);
        var (invoice, problem, status) = stripe.Change<(JsonObject?, string?, int)>(http, context =>
        {
            if (context.Work.Find(Invoices.Type, id) is not { } invoice) return (null, null, 404);
            if (invoice["status"]!.ToString() is not ("open" or "uncollectible") || context.Work.Find(PaymentIntents.Type, invoice["payment_intent"]?.ToString()) is not { } intent) return (invoice, null, 409);
            if (answer == "pay") return InvoicePayment.PayWith(context, invoice, card) is { } declined ? (invoice, $"{declined.Message} You can try another card.", 402) : (invoice, null, 200);
            if (intent["status"]!.ToString() != "requires_action") return (invoice, null, 409);
            Confirmation.Answer(context, intent, answer == "complete");
            return (invoice, answer == "fail" ? "Your bank did not confirm the payment. You can try another card." : null, 200);
        });
        return invoice is null ? Unknown() : Invoice(store, invoice, problem, status);
    }

    static IResult Invoice(StripeStore store, JsonObject invoice, string? problem, int status = 200)
    {
        var open = invoice["status"]!.ToString() is "open" or "uncollectible";
        var asked = open && invoice["payment_intent"]?.ToString() is { } intent && Find(store, PaymentIntents.Type, intent)?["status"]?.ToString() == "requires_action";
        return Page.Of($"Invoice {invoice["number"]}", $"""
            <p class="amount">{Page.E(StripeCurrency.Text(invoice["amount_due"]!.Whole(), invoice["currency"]!.ToString()))}</p>
            <ul>{string.Concat(invoice["lines"]!["data"]!.AsArray().Select(l => $"<li>{Page.E(l!["description"]!.ToString())}: {Page.E(StripeCurrency.Text(l["amount"]!.Whole(), l["currency"]!.ToString()))}</li>"))}</ul>
            <p>This invoice is {Page.E(invoice["status"]!.ToString())}.</p>{(problem is null ? "" : $"<p role=\"alert\"><strong>{Page.E(problem)}</strong></p>")}
            {(asked ? $"<p>Your bank asks whether you allow this payment.</p><form method=\"post\">{Page.Button("answer", "complete", "Complete")} {Page.Button("answer", "fail", "Fail", soft: true)}</form>" : "")}
            {(open ? $"<form method=\"post\">{Page.Button("answer", "pay", "Pay with another card", soft: asked)}</form>" : "")}
            """, status);
    }

    static JsonObject? Find(StripeStore store, string type, string id) => store.Change(work => work.Find(type, id));

    static string Amount(JsonObject item) => StripeCurrency.Text(item["amount"]!.Whole(), item["currency"]!.ToString());

    static IResult Unknown() => Page.Of("Not found", "<p>There is no such payment.</p>", 404);
}
