using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A time of their own for some customers, which only goes on when told to: months of billing in one call.</summary>
static class TestClocks
{
    public const string Type = "test_helpers.test_clock";
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/test_helpers/test_clocks", Parameters.Of("frozen_time!:int name:str"), Create);
        routes.Get("/test_helpers/test_clocks", Parameters.OfList(), call => StripeList.Page(call, call.Work.All(Type)));
        routes.Get("/test_helpers/test_clocks/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/test_helpers/test_clocks/{id}/advance", Parameters.Of("frozen_time!:int"), Advance);
        routes.Delete("/test_helpers/test_clocks/{id}", Delete);
    }

    /// <summary>The change at the time that counts for the customer.</summary>
    public static StripeContext At(StripeContext context, JsonObject customer) =>
        customer["test_clock"]?.ToString() is { } clock ? context.At(DateTimeOffset.FromUnixTimeSeconds(context.Get(Type, clock)["frozen_time"]!.Whole())) : context;

    /// <summary>Lists show what belongs to a clock only when it is asked for by that clock.</summary>
    public static bool IsListed(StripeCall call, JsonObject item) => item["test_clock"]?.ToString() == call.Text("test_clock");

    static JsonNode Create(StripeCall call)
    {
        var clock = call.Add(Type, "clock", new()
        {
            ["created"] = call.Now,
            ["deletes_after"] = (call.Time + Lifetime).ToUnixTimeSeconds(),
            ["frozen_time"] = call.Number("frozen_time"),
            ["livemode"] = false,
            ["name"] = call.Text("name"),
            ["status"] = "ready",
        });
        call.Emit("test_helpers.test_clock.created", clock);
        return DocumentWork.Shown(clock);
    }

    /// <summary>The answer says "advancing", as Stripe's does; when it is there, everything has happened.</summary>
    static JsonNode Advance(StripeCall call)
    {
        var clock = call.Get(Type, call.Id);
        var to = call.Number("frozen_time")!.Value;
        if (to <= clock["frozen_time"]!.Whole()) throw StripeException.Invalid("The new frozen time must be after the current frozen time of the test clock.", "frozen_time");
        if (to > DateTimeOffset.MaxValue.ToUnixTimeSeconds() - TimeSpan.FromDays(36_500).TotalSeconds) throw StripeException.Invalid("The new frozen time is too far in the future.", "frozen_time");
        clock["status"] = "advancing";
        call.Emit("test_helpers.test_clock.advancing", clock);
        var shown = DocumentWork.Shown(clock);
        Calendar.Run(call, call.Id, to);
        clock["frozen_time"] = to;
        clock["status"] = "ready";
        shown["frozen_time"] = to;
        call.Emit("test_helpers.test_clock.ready", clock);
        return shown;
    }

    /// <summary>Takes its customers and their subscriptions with it.</summary>
    static JsonNode Delete(StripeCall call)
    {
        call.Emit("test_helpers.test_clock.deleted", call.Get(Type, call.Id));
        foreach (var type in (string[])[Invoices.Type, Invoices.ItemType, Subscriptions.Type, Customers.Type])
            foreach (var id in call.Work.All(type).Where(d => d["test_clock"]?.ToString() == call.Id).Select(d => d["id"]!.ToString()).ToList()) call.Work.Remove(id);
        call.Work.Remove(call.Id);
        return new JsonObject { ["id"] = call.Id, ["object"] = Type, ["deleted"] = true };
    }
}
