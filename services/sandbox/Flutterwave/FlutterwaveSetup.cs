using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Flutterwave;

/// <summary>The part of Flutterwave's API v3 that payments uses.</summary>
public static class FlutterwaveSetup
{
    public static void AddFlutterwave(this IServiceCollection services)
    {
        services.AddSingleton<FlutterwaveStore>().AddSingleton<FlutterwaveChannel>().AddSingleton<Checkout>().AddSingleton<Transactions>().AddSingleton<Transfers>();
        services.AddSingleton<WebhookChannel>(s => s.GetRequiredService<FlutterwaveChannel>());
    }

    public static void MapFlutterwave(this WebApplication app)
    {
        var api = app.MapGroup("/flutterwave/v3");
        api.MapPost("/payments", (HttpContext http, Checkout checkout) => checkout.CreateAsync(http));
        api.MapGet("/transactions", (HttpContext http, Transactions transactions) => transactions.ListAsync(http));
        api.MapGet("/transactions/verify_by_reference", (HttpContext http, Transactions transactions) => transactions.VerifyByReferenceAsync(http));
        api.MapGet("/transactions/{id}/verify", (string id, HttpContext http, Transactions transactions) => transactions.VerifyAsync(id, http));
        api.MapPost("/transactions/{id}/refund", (string id, HttpContext http, Transactions transactions) => transactions.RefundAsync(id, http));
        api.MapGet("/refunds", (HttpContext http, Transactions transactions) => transactions.RefundsAsync(http));
        api.MapGet("/refunds/{id}", (string id, HttpContext http, Transactions transactions) => transactions.RefundByIdAsync(id, http));
        api.MapPost("/transfers", (HttpContext http, Transfers transfers) => transfers.CreateAsync(http));
        api.MapGet("/transfers", (HttpContext http, Transfers transfers) => transfers.ListAsync(http));
        api.MapGet("/transfers/{id}", (string id, HttpContext http, Transfers transfers) => transfers.GetAsync(id, http));
        app.MapGet("/flutterwave/pay/{reference}", (string reference, Checkout checkout) => checkout.Show(reference));
        app.MapPost("/flutterwave/pay/{reference}", (string reference, HttpContext http, Checkout checkout) => checkout.DecideAsync(reference, http)).DisableAntiforgery();
        app.MapGet("/control/flutterwave/{resource}", List);
        app.MapPost("/control/flutterwave/transactions/{id}", (string id, NewStatus to, HttpContext http, Transactions transactions) => transactions.Settle(id, to.Status, http));
        app.MapPost("/control/flutterwave/refunds/{id}", (string id, NewStatus to, HttpContext http, Transactions transactions) => transactions.SettleRefund(id, to.Status, http));
    }

    public sealed record NewStatus(string Status);

    static IResult List(string resource, FlutterwaveStore store) => resource is "payments" or "transactions" or "refunds" or "transfers"
        ? Results.Json(new JsonObject { ["data"] = store.Change(work => new JsonArray([.. work.All(resource[..^1]).Select(DocumentWork.Shown)])) }, SandboxSetup.JsonWithNulls)
        : Results.NotFound($"{resource}: one of payments, transactions, refunds, transfers.");
}
