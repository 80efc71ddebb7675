using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stripe;

/// <summary><c>expand[]=latest_charge.balance_transaction</c>: ids become the objects they name, also inside lists by <c>data.…</c>.</summary>
static class Expansion
{
    /// <summary>Lists that an object holds only when they are asked for, with the type of their items and the field that names the object.</summary>
    static readonly Dictionary<(string Object, string Property), (string Type, string Field, string Url)> Held = new()
    {
        [("charge", "refunds")] = ("refund", "charge", "/v1/charges/{0}/refunds"),
        [("customer", "subscriptions")] = ("subscription", "customer", "/v1/customers/{0}/subscriptions"),
        [("checkout.session", "line_items")] = ("item", "_session", "/v1/checkout/sessions/{0}/line_items"),
    };

    /// <exception cref="StripeException">A property that cannot be expanded.</exception>
    public static JsonNode Apply(StripeCall call, JsonNode shown)
    {
        foreach (var path in call.List("expand") ?? [])
            Expand(call, shown, path!.ToString().Split('.'), path.ToString());
        return shown;
    }

    static void Expand(StripeContext context, JsonNode node, ReadOnlySpan<string> path, string whole)
    {
        if (path.Length == 0) return;
        if (node is JsonArray items)
        {
            foreach (var item in items.OfType<JsonObject>()) Expand(context, item, path, whole);
            return;
        }
        if (node is not JsonObject parent) throw Refusal(whole);
        if (!parent.TryGetPropertyValue(path[0], out var value))
        {
            if (!Held.TryGetValue((parent["object"]?.ToString() ?? "", path[0]), out var held)) throw Refusal(whole);
            var id = parent["id"]!.ToString();
            value = StripeList.Whole(context, string.Format(held.Url, id), context.Work.All(held.Type).Where(d => d[held.Field]?.ToString() == id).Reverse());
            parent[path[0]] = value;
        }
        if (value is null) return; // nothing to expand on this object, though there may be on another
        if (value is JsonValue)
        {
            if (context.Work.Look(value.ToString()) is not { } named || named["object"] is null) throw Refusal(whole);
            value = Show.Of(context, named);
            parent[path[0]] = value;
        }
        Expand(context, value, path[1..], whole);
    }

    static StripeException Refusal(string path) => StripeException.Invalid($"This property cannot be expanded ({path}).", "expand");
}
