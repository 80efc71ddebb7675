using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A page of objects, newest first, between cursors that are objects' ids.</summary>
static class StripeList
{
    const int Default = 10, Most = 100;

    /// <param name="items">Oldest first, as the store holds them.</param>
    /// <exception cref="StripeException">A limit out of 1-100, or a cursor that names nothing in the list.</exception>
    public static JsonObject Page(StripeCall call, IEnumerable<JsonObject> items)
    {
        var limit = call.Number("limit") ?? Default;
        if (limit is < 1 or > Most) throw StripeException.Invalid($"Invalid integer: limit must be between 1 and {Most}.", "limit", "parameter_invalid_integer");
        var all = items.Where(i => Within(call, i)).Reverse().ToList();
        var (start, end) = (0, all.Count);
        if (call.Text("starting_after") is { } after) start = Find(all, after, "starting_after") + 1;
        if (call.Text("ending_before") is { } before)
        {
            end = Find(all, before, "ending_before");
            start = Math.Max(start, end - (int)limit); // the page that ends right before it
        }
        var page = all[start..Math.Max(start, end)];
        var list = Whole(call, call.Path, page.Take((int)limit));
        list["has_more"] = call.Has("ending_before") ? start > 0 : page.Count > limit;
        return list;
    }

    public static JsonObject Whole(StripeContext context, string url, IEnumerable<JsonObject> items) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. items.Select(i => Show.Of(context, i))]),
        ["has_more"] = false,
        ["url"] = url,
    };

    static int Find(List<JsonObject> items, string id, string parameter)
    {
        var index = items.FindIndex(i => i["id"]!.ToString() == id);
        return index >= 0 ? index : throw StripeException.Missing("object", id, parameter, 400);
    }

    static bool Within(StripeCall call, JsonObject item)
    {
        if (call.Parameters["created"] is not { } wanted) return true;
        var created = item["created"]!.Whole();
        if (wanted is not JsonObject bounds) return created == wanted.Whole();
        return Bound(bounds, "gt") is not { } gt || created > gt
            ? (Bound(bounds, "gte") is not { } gte || created >= gte) && (Bound(bounds, "lt") is not { } lt || created < lt) && (Bound(bounds, "lte") is not { } lte || created <= lte)
            : false;
    }

    static long? Bound(JsonObject bounds, string name) => bounds[name]?.Whole();
}
