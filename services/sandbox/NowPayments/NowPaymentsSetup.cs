using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.NowPayments;

/// <summary>The part of NOWPayments' API v1 that payments uses.</summary>
public static class NowPaymentsSetup
{
    public static void AddNowPayments(this IServiceCollection services)
    {
        services.AddSingleton<NowPaymentsStore>().AddSingleton<NowPaymentsChannel>().AddSingleton<CryptoPayments>().AddSingleton<Invoices>().AddSingleton<Sessions>();
        services.AddSingleton<WebhookChannel>(s => s.GetRequiredService<NowPaymentsChannel>());
    }

    public static void MapNowPayments(this WebApplication app)
    {
        var api = app.MapGroup("/nowpayments/v1");
        api.MapGet("/status", () => new { message = "OK" });
        api.MapPost("/auth", (HttpContext http, Sessions sessions) => sessions.SignInAsync(http));
        // as delegates: a RequestDelegate's result would be thrown away
        api.MapGet("/currencies", (Delegate)Currencies.ListAsync);
        api.MapGet("/full-currencies", (Delegate)Currencies.FullAsync);
        api.MapGet("/merchant/coins", (Delegate)Currencies.MerchantAsync);
        api.MapGet("/estimate", (Delegate)Currencies.EstimateAsync);
        api.MapGet("/min-amount", (Delegate)Currencies.SmallestAsync);
        api.MapPost("/payment", (HttpContext http, CryptoPayments payments) => payments.CreateAsync(http));
        api.MapGet("/payment", (HttpContext http, CryptoPayments payments) => payments.ListAsync(http));
        api.MapGet("/payment/{id}", (string id, HttpContext http, CryptoPayments payments) => payments.GetAsync(id, http));
        api.MapPost("/invoice", (HttpContext http, Invoices invoices) => invoices.CreateAsync(http));
        api.MapPost("/invoice-payment", (HttpContext http, CryptoPayments payments) => payments.CreateForInvoiceAsync(http));
        app.MapGet("/nowpayments/invoice/{id}", (string id, Invoices invoices) => invoices.Show(id));
        app.MapPost("/nowpayments/invoice/{id}", (string id, HttpContext http, Invoices invoices) => invoices.DecideAsync(id, http)).DisableAntiforgery();
        app.MapGet("/control/nowpayments/{resource}", List);
        app.MapPost("/control/nowpayments/{id}", Step);
    }

    public sealed record NewStatus(string Status, decimal? ActuallyPaid);

    static IResult Step(string id, NewStatus step, HttpContext http, CryptoPayments payments)
    {
        try
        {
            return Results.Json(payments.Step(http, id, step.Status, step.ActuallyPaid), SandboxSetup.JsonWithNulls);
        }
        catch (NowPaymentsException refusal)
        {
            return Results.Json(new { error = refusal.Message }, SandboxSetup.Json, statusCode: refusal.Status);
        }
    }

    /// <summary>With what the real one is told and does not repeat.</summary>
    static JsonObject WithPayout(JsonObject document)
    {
        var shown = DocumentWork.Shown(document);
        foreach (var field in (string[])["payout_address", "payout_extra_id"])
            if (document[$"_{field}"] is { } value) shown[field] = value.DeepClone();
        return shown;
    }

    static IResult List(string resource, NowPaymentsStore store) => resource is "payments" or "invoices"
        ? Results.Json(new JsonObject { ["data"] = store.Change(work => new JsonArray([.. work.All(resource[..^1]).Select(WithPayout)])) }, SandboxSetup.JsonWithNulls)
        : Results.NotFound($"{resource}: one of payments, invoices.");
}
