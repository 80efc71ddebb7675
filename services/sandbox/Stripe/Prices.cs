using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What a product costs: once, or for each period of a subscription.</summary>
static class Prices
{
    public const string Type = "price";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/prices", Parameters.Of("currency!:str unit_amount:int product:str product_data:{name!:str metadata:map} recurring:{interval!:day|week|month|year interval_count:int} "
            + "nickname:str metadata:map lookup_key:str active:bool"), Create);
        routes.Get("/prices", Parameters.OfList("created:range active:bool currency:str product:str type:one_time|recurring lookup_keys:[str]"), List);
        routes.Get("/prices/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/prices/{id}", Parameters.Of("nickname:str metadata:map active:bool lookup_key:str"), Update);
    }

    public static long Amount(JsonObject price) => price["unit_amount"]!.Whole();

    public static (string Interval, int Count) Period(JsonObject price) => (price["recurring"]!["interval"]!.ToString(), (int)price["recurring"]!["interval_count"]!.Whole());

    static JsonNode Create(StripeCall call)
    {
        var price = Make(call, call.Parameters, "");
        Alter(call, price);
        call.Emit("price.created", price);
        return DocumentWork.Shown(price);
    }

    /// <param name="wanted">currency, unit_amount, recurring, and product or product_data.</param>
    /// <param name="group">Under which name they came, as "line_items[0][price_data]"; empty where they are the request's own.</param>
    /// <param name="id">Null: a new one.</param>
    public static JsonObject Make(StripeContext context, JsonObject wanted, string group, string? id = null)
    {
        string Name(string field) => group.Length == 0 ? field : $"{group}[{field}]";
        var currency = StripeCurrency.Require(wanted["currency"]?.ToString() ?? "", Name("currency"));
        if (wanted["unit_amount"]?.Whole() is not { } amount) throw StripeException.Invalid($"Missing required param: {Name("unit_amount")}.", Name("unit_amount"), "parameter_missing");
        if (amount < 0) throw StripeException.Invalid("This value must be greater than or equal to 0.", Name("unit_amount"), "parameter_invalid_integer");
        var recurring = wanted["recurring"] as JsonObject;
        if (recurring?["interval_count"]?.Whole() is < 1 or > 365) throw StripeException.Invalid("Between 1 and 365.", group.Length == 0 ? "recurring[interval_count]" : $"{group}[recurring][interval_count]", "parameter_invalid_integer");
        return context.Add(Type, "price", new()
        {
            ["active"] = true,
            ["billing_scheme"] = "per_unit",
            ["created"] = context.Now,
            ["currency"] = currency,
            ["custom_unit_amount"] = null,
            ["livemode"] = false,
            ["lookup_key"] = null,
            ["metadata"] = new JsonObject(),
            ["nickname"] = null,
            ["product"] = ProductOf(context, wanted, Name("product")),
            ["recurring"] = recurring is null ? null : new JsonObject
            {
                ["aggregate_usage"] = null, ["interval"] = recurring["interval"]!.ToString(), ["interval_count"] = (int)(recurring["interval_count"]?.Whole() ?? 1), ["usage_type"] = "licensed",
            },
            ["tax_behavior"] = "unspecified",
            ["tiers_mode"] = null,
            ["transform_quantity"] = null,
            ["type"] = recurring is null ? "one_time" : "recurring",
            ["unit_amount"] = amount,
            ["unit_amount_decimal"] = $"{amount}",
        }, id);
    }

    static string ProductOf(StripeContext context, JsonObject wanted, string parameter)
    {
        if (wanted["product"]?.ToString() is { Length: > 0 } id) return context.Get(Products.Type, id, parameter)["id"]!.ToString();
        if (wanted["product_data"] is not JsonObject data) throw StripeException.Invalid("You must provide one of product or product_data.", parameter, "parameter_missing");
        var product = Products.Make(context, data["name"]!.ToString());
        product["description"] = data["description"]?.ToString();
        return product["id"]!.ToString();
    }

    static JsonNode Update(StripeCall call)
    {
        var price = call.Get(Type, call.Id);
        Alter(call, price);
        call.Emit("price.updated", price);
        return DocumentWork.Shown(price);
    }

    static void Alter(StripeCall call, JsonObject price)
    {
        if (call.Text("lookup_key") is { } key && call.Work.All(Type).Any(p => p["lookup_key"]?.ToString() == key && p["id"]!.ToString() != price["id"]!.ToString()))
            throw StripeException.Invalid($"A price already uses the lookup key {key}.", "lookup_key");
        call.CopyTo(price, "nickname", "active", "lookup_key");
    }

    static JsonObject List(StripeCall call)
    {
        var keys = call.List("lookup_keys")?.Select(k => k!.ToString()).ToHashSet();
        return StripeList.Page(call, call.Work.All(Type).Where(p =>
            (call.Flag("active") is not { } active || p["active"]!.GetValue<bool>() == active)
            && (call.Text("currency") is not { } currency || p["currency"]!.ToString() == currency)
            && (call.Text("product") is not { } product || p["product"]!.ToString() == product)
            && (call.Text("type") is not { } type || p["type"]!.ToString() == type)
            && (keys is null || (p["lookup_key"]?.ToString() is { } key && keys.Contains(key)))));
    }
}
