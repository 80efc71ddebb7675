using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Stripe;

/// <summary>Every change of state is an event, kept for thirty days and sent to the endpoints that listen to its type.</summary>
static class Events
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static void Map(StripeRoutes routes)
    {
        routes.Get("/events", Parameters.OfList("created:range type:str types:[str]"), List);
        routes.Get("/events/{id}", call => Show.Of(call, Current(call)));
    }

    public static void Emit(StripeContext context, string type, JsonObject about, string? account)
    {
        var shown = DocumentWork.Shown(about);
        if (shown["object"]?.ToString() == Invoices.Type) Invoices.FirstLines(shown);
        var data = new JsonObject { ["object"] = shown };
        if (type.EndsWith(".updated", StringComparison.Ordinal) || type == "payment_method.detached") data["previous_attributes"] = Previous(context, about, shown);
        var endpoints = EndpointsFor(context, type);
        var item = context.Add("event", "evt", new()
        {
            ["api_version"] = StripeContext.ApiVersion,
            ["created"] = context.WallTime.ToUnixTimeSeconds(),
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = endpoints.Count,
            ["request"] = new JsonObject { ["id"] = context.RequestId, ["idempotency_key"] = context.IdempotencyKey },
            ["type"] = type,
        });
        if (account is not null) item["account"] = account;
        var body = DocumentWork.Shown(item).ToJsonString(SandboxSetup.JsonWithNulls);
        foreach (var endpoint in endpoints) context.Work.Announce(new(StripeContext.NewId("wh"), type, item["id"]!.ToString(), endpoint, body));
    }

    static JsonNode List(StripeCall call)
    {
        if (call.Has("type") && call.Has("types")) throw StripeException.Invalid("You may only specify one of these parameters: type, types.", "type");
        var wanted = call.Text("type") is { } one ? [one] : call.List("types")?.Select(t => t!.ToString()).ToArray() ?? [];
        return StripeList.Page(call, call.Work.All("event").Where(e => IsKept(call, e) && (wanted.Length == 0 || wanted.Any(w => Matches(w, e["type"]!.ToString())))));
    }

    static JsonObject Current(StripeCall call)
    {
        var item = call.Get("event", call.Id);
        return IsKept(call, item) ? item : throw StripeException.Missing("event", call.Id);
    }

    static bool IsKept(StripeContext context, JsonObject item) => item["created"]!.Whole() > context.Now - Kept.TotalSeconds;

    static List<string> EndpointsFor(StripeContext context, string type) =>
    [
        .. context.Surroundings.HasTarget ? [WebhookChannel.Configured] : Array.Empty<string>(),
        .. context.Work.All("webhook_endpoint")
            .Where(e => e["status"]!.ToString() == "enabled" && e["enabled_events"]!.AsArray().Any(w => Matches(w!.ToString(), type)))
            .Select(e => e["id"]!.ToString()),
    ];

    /// <summary>"charge.*" and "*" stand for several types.</summary>
    static bool Matches(string wanted, string type) => wanted == type || wanted == "*" || (wanted.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(wanted[..^1], StringComparison.Ordinal));

    static JsonObject Previous(StripeContext context, JsonObject about, JsonObject shown)
    {
        var previous = new JsonObject();
        if (context.Work.Before(about["id"]!.ToString()) is not { } before) return previous;
        foreach (var (name, value) in shown)
            if (!JsonNode.DeepEquals(before[name], value)) previous[name] = before[name]?.DeepClone();
        return previous;
    }
}
