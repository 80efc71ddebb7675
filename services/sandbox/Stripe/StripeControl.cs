using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What a test may see and do beside the API: every object of a type, whatever account asked for it.</summary>
static class StripeControl
{
    static readonly string[] Listed = ["customer", "payment_method", "payment_intent", "charge", "refund", "balance_transaction", "event", "product", "price", "subscription", "invoice"];

    public static void Map(IEndpointRouteBuilder control) => control.MapGet("/stripe/{resource}", List);

    /// <param name="resource">In the plural, as "charges".</param>
    static IResult List(string resource, StripeStore store)
    {
        var type = resource.EndsWith('s') ? resource[..^1] : resource;
        if (!Listed.Contains(type)) return Results.NotFound($"{resource}: one of {string.Join(", ", Listed.Select(t => t + "s"))}.");
        var data = store.Change(work => new JsonArray([.. work.All(type).Select(DocumentWork.Shown)]));
        return Results.Json(new JsonObject { ["data"] = data }, SandboxSetup.JsonWithNulls);
    }
}
