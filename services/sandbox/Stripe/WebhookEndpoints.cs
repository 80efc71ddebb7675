using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Stripe;

/// <summary>Endpoints registered over the API, each with a secret that only the answer to its creation shows.</summary>
static class WebhookEndpoints
{
    const string Type = "webhook_endpoint";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/webhook_endpoints", Parameters.Of("url!:str enabled_events!:[str] description:str metadata:map api_version:2023-08-16 connect:bool"), Create);
        routes.Get("/webhook_endpoints", Parameters.OfList(), call => StripeList.Page(call, call.Work.All(Type)));
        routes.Get("/webhook_endpoints/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/webhook_endpoints/{id}", Parameters.Of("url:str enabled_events:[str] description:str metadata:map disabled:bool"), Update);
        routes.Delete("/webhook_endpoints/{id}", Delete);
    }

    static JsonNode Create(StripeCall call)
    {
        RequireAddress(call);
        var secret = StripeContext.NewId("whsec", 32);
        var endpoint = call.Add(Type, "we", new()
        {
            ["api_version"] = call.Text("api_version"),
            ["application"] = null,
            ["created"] = call.Now,
            ["description"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["status"] = "enabled",
            ["_secret"] = secret,
        });
        call.CopyTo(endpoint, "url", "enabled_events", "description");
        var shown = DocumentWork.Shown(endpoint);
        shown["secret"] = secret;
        return shown;
    }

    static JsonNode Update(StripeCall call)
    {
        var endpoint = call.Get(Type, call.Id);
        if (call.Has("url")) RequireAddress(call);
        call.CopyTo(endpoint, "url", "enabled_events", "description");
        if (call.Flag("disabled") is { } disabled) endpoint["status"] = disabled ? "disabled" : "enabled";
        return DocumentWork.Shown(endpoint);
    }

    static JsonNode Delete(StripeCall call)
    {
        call.Get(Type, call.Id);
        call.Work.Remove(call.Id);
        return new JsonObject { ["id"] = call.Id, ["object"] = Type, ["deleted"] = true };
    }

    static void RequireAddress(StripeCall call)
    {
        if (!WebhookChannel.IsAddress(call.Text("url"))) throw StripeException.Invalid("Invalid URL: URL must start with http:// or https://.", "url", "url_invalid");
    }
}
