using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Pages;

namespace Empire.Sandbox.Stripe;

/// <summary>Where the cardholder is sent: the bank's question of 3D Secure, and receipts.</summary>
static class StripePages
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/stripe/authenticate/{id}", Ask);
        app.MapPost("/stripe/authenticate/{id}", AnswerAsync).DisableAntiforgery();
        app.MapGet("/stripe/receipts/{id}", Receipt);
        app.MapGet("/stripe/invoices/{id}", Invoice);
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

    static IResult Invoice(string id, StripeStore store) => Find(store, Invoices.Type, id) is not { } invoice ? Unknown() : Page.Of($"Invoice {invoice["number"]}", $"""
        <p class="amount">{Page.E(StripeCurrency.Text(invoice["amount_due"]!.Whole(), invoice["currency"]!.ToString()))}</p>
        <ul>{string.Concat(invoice["lines"]!["data"]!.AsArray().Select(l => $"<li>{Page.E(l!["description"]!.ToString())}: {Page.E(StripeCurrency.Text(l["amount"]!.Whole(), l["currency"]!.ToString()))}</li>"))}</ul>
        <p>This invoice is {Page.E(invoice["status"]!.ToString())}.</p>
        """);

    static JsonObject? Find(StripeStore store, string type, string id) => store.Change(work => work.Find(type, id));

    static string Amount(JsonObject item) => StripeCurrency.Text(item["amount"]!.Whole(), item["currency"]!.ToString());

    static IResult Unknown() => Page.Of("Not found", "<p>There is no such payment.</p>", 404);
}
