using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Taxes on what a subscription invoices: on top of its prices, or within them.</summary>
static class TaxRates
{
    public const string Type = "tax_rate";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/tax_rates", Parameters.Of("display_name!:str percentage!:num inclusive!:bool description:str country:str state:str jurisdiction:str metadata:map active:bool"), Create);
        routes.Get("/tax_rates", Parameters.OfList("created:range active:bool inclusive:bool"), call => StripeList.Page(call, call.Work.All(Type).Where(rate =>
            (call.Flag("active") is not { } active || rate["active"]!.GetValue<bool>() == active) && (call.Flag("inclusive") is not { } inclusive || rate["inclusive"]!.GetValue<bool>() == inclusive))));
        routes.Get("/tax_rates/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
    }

    /// <summary>The rates of <c>default_tax_rates</c>, where they were sent.</summary>
    public static void Alter(StripeCall call, JsonObject subscription)
    {
        if (call.List("default_tax_rates") is { } wanted)
            subscription["default_tax_rates"] = new JsonArray([.. wanted.Select((id, index) => DocumentWork.Shown(call.Get(Type, id!.ToString(), $"default_tax_rates[{index}]")))]);
    }

    /// <summary>What each rate takes, rounded half up.</summary>
    /// <param name="amount">Of the whole invoice, after its discount.</param>
    public static JsonArray Of(JsonObject subscription, long amount) => new([.. subscription["default_tax_rates"]!.AsArray().Select(rate =>
    {
        var (percentage, inclusive) = (rate!["percentage"]!.Exact(), rate["inclusive"]!.GetValue<bool>());
        return new JsonObject
        {
            ["amount"] = (long)decimal.Round(amount * percentage / (inclusive ? 100 + percentage : 100), MidpointRounding.AwayFromZero),
            ["inclusive"] = inclusive,
            ["tax_rate"] = rate["id"]!.ToString(),
            ["taxability_reason"] = "standard_rated",
            ["taxable_amount"] = amount,
        };
    })]);

    public static long Sum(JsonArray amounts, bool inclusive) => amounts.Where(one => one!["inclusive"]!.GetValue<bool>() == inclusive).Sum(one => one!["amount"]!.Whole());

    static JsonNode Create(StripeCall call)
    {
        var percentage = call.Parameters["percentage"]!.Exact();
        if (percentage is < 0 or > 100) throw StripeException.Invalid("Invalid percentage: must be between 0 and 100.", "percentage");
        var rate = call.Add(Type, "txr", new()
        {
            ["active"] = true,
            ["country"] = null,
            ["created"] = call.Now,
            ["description"] = null,
            ["display_name"] = call.Text("display_name"),
            ["effective_percentage"] = null,
            ["inclusive"] = call.Flag("inclusive"),
            ["jurisdiction"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["percentage"] = percentage,
            ["state"] = null,
            ["tax_type"] = null,
        });
        call.CopyTo(rate, "active", "country", "description", "jurisdiction", "state");
        call.Emit("tax_rate.created", rate);
        return DocumentWork.Shown(rate);
    }
}
