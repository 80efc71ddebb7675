using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What a test may see and do beside the API: every object of a type, whatever account asked for it.</summary>
static class StripeControl
{
    static readonly string[] Listed = ["customer", "payment_method", "payment_intent", "charge", "refund", "balance_transaction", "event", "product", "price", "subscription", "invoice", "dispute", "account", "transfer", "application_fee", "payout", "coupon", "promotion_code", "checkout.session"];

    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapGet("/stripe/{resource}", List);
        control.MapPost("/stripe/disputes", OpenDispute);
        control.MapPost("/stripe/disputes/{id}/close", CloseDispute);
        control.MapPost("/stripe/payouts/{id}/end", EndPayout);
        control.MapPut("/stripe/settlement", Settle);
    }

    /// <param name="Amount">In the smallest unit; null for all that was not refunded.</param>
    public sealed record NewDispute(string Charge, string? Reason, long? Amount);

    public sealed record NewStatus(string Status);

    /// <param name="Currency">As "usd"; null: every currency is settled in itself.</param>
    /// <param name="Rates">By currency: how much of <paramref name="Currency"/> one unit is worth from now on; null: as the days have it.</param>
    public sealed record NewSettlement(string? Currency, Dictionary<string, decimal>? Rates);

    static IResult Settle(NewSettlement wanted, StripeSettlement settlement)
    {
        try
        {
            if (wanted.Rates?.Any(rate => rate.Value is <= 0 or > 1_000_000) == true) throw StripeException.Invalid("rates: each above 0 and at most 1000000.", "rates");
            settlement.Set(wanted.Currency is { } currency ? StripeCurrency.Require(currency) : null, wanted.Rates?.ToDictionary(rate => StripeCurrency.Require(rate.Key, "rates"), rate => rate.Value) ?? []);
            return Results.NoContent();
        }
        catch (StripeException refusal)
        {
            return Results.Json(new JsonObject { ["error"] = refusal.ToJson() }, SandboxSetup.Json, statusCode: refusal.Status);
        }
    }

    static IResult OpenDispute(NewDispute wanted, HttpContext http, StripeSessions stripe) => Do(http, stripe, context =>
    {
        var reason = wanted.Reason ?? "fraudulent";
        if (!Disputes.Reasons.Contains(reason)) throw StripeException.Invalid($"reason: one of {string.Join(", ", Disputes.Reasons)}.", "reason");
        return Disputes.Open(context, context.Get(Charges.Type, wanted.Charge, "charge"), reason, wanted.Amount);
    });

    static IResult CloseDispute(string id, NewStatus end, HttpContext http, StripeSessions stripe) => Do(http, stripe, context =>
    {
        if (end.Status is not ("won" or "lost")) throw StripeException.Invalid("status: won or lost.", "status");
        var dispute = context.Get(Disputes.Type, id);
        Disputes.Close(context, dispute, end.Status == "won");
        return dispute;
    });

    static IResult EndPayout(string id, NewStatus end, HttpContext http, StripeSessions stripe) => Do(http, stripe, context =>
    {
        if (end.Status is not ("paid" or "failed")) throw StripeException.Invalid("status: paid or failed.", "status");
        var payout = context.Get(Payouts.Type, id);
        Payouts.End(context, payout, end.Status);
        return payout;
    });

    static IResult Do(HttpContext http, StripeSessions stripe, Func<StripeContext, JsonObject> change)
    {
        try
        {
            return Results.Json(stripe.Change(http, context => DocumentWork.Shown(change(context))), SandboxSetup.JsonWithNulls);
        }
        catch (StripeException refusal)
        {
            return Results.Json(new JsonObject { ["error"] = refusal.ToJson() }, SandboxSetup.Json, statusCode: refusal.Status);
        }
    }

    /// <param name="resource">In the plural, as "charges".</param>
    static IResult List(string resource, StripeStore store)
    {
        var type = resource.EndsWith('s') ? resource[..^1] : resource;
        if (!Listed.Contains(type)) return Results.NotFound($"{resource}: one of {string.Join(", ", Listed.Select(t => t + "s"))}.");
        var data = store.Change(work => new JsonArray([.. work.All(type).Select(DocumentWork.Shown)]));
        return Results.Json(new JsonObject { ["data"] = data }, SandboxSetup.JsonWithNulls);
    }
}
