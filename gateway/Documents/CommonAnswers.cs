using System.Text.Json.Nodes;
using Empire.Gateway.Authentication;
using Empire.Gateway.Routing;

namespace Empire.Gateway.Documents;

/// <summary>What the gateway answers by itself, the same on every path of a kind.</summary>
internal static class CommonAnswers
{
    public static void AddTo(JsonObject responses, ServiceRoute route)
    {
        if (route.Access is Access.Public) return;
        Add(responses, "400", "A field is wrong: `VALIDATION_ERROR` names it.");
        if (route.Access is Access.Key) Add(responses, "401", "No credential, or none that is valid: `INVALID_API_KEY`.");
        Add(responses, "403", "Not with this credential, from this address, or in this tier: `FORBIDDEN`, `MISSING_SCOPE`, `ADDRESS_BLOCKED`, `TIER_LIMIT_EXCEEDED`.");
        if (route.Access is Access.Key or Access.Open) Add(responses, "429", "Too often: `RATE_LIMITED`; or the month is used up: `TIER_LIMIT_EXCEEDED`. `Retry-After` says how long to wait.");
        if (route.Unanswered) Add(responses, "501", "Not built yet: `NOT_YET_AVAILABLE`.");
        Add(responses, "503", "The service is not reachable right now: `SERVICE_UNAVAILABLE`. `Retry-After` says when to try again.");
    }

    public static JsonObject Problem(string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Error" } } },
    };

    public static JsonObject Error() => new()
    {
        ["type"] = "object",
        ["description"] = "RFC 9457. Under /api/v1 `status` is the HTTP status; elsewhere it is the word `error`.",
        ["required"] = new JsonArray("code", "message"),
        ["properties"] = new JsonObject
        {
            ["type"] = Text("A name of the error that does not change."),
            ["title"] = Text(null),
            ["status"] = new JsonObject { ["type"] = new JsonArray("integer", "string") },
            ["detail"] = Text("What went wrong, for people."),
            ["code"] = Text("What went wrong, for programs. `PROVIDER_OFF`, with 501, on any path that needs a provider which this installation has switched off."),
            ["message"] = Text("The same as detail."),
            ["errors"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } } },
            ["trace_id"] = Text("Finds it in the logs."),
        },
        ["examples"] = new JsonArray(new JsonObject { ["status"] = "error", ["message"] = "Send a valid API key.", ["code"] = "INVALID_API_KEY" }),
    };

    public static JsonObject SecuritySchemes() => new()
    {
        ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key (`gopt_…`) or an access token." },
        ["key_header"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = Credential.KeyHeader },
        ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = Credential.SessionCookie, ["description"] = "Unsafe methods repeat the session's token in `X-CSRF-Token`." },
    };

    public static JsonArray AnyCredential() => [.. SecuritySchemes().Select(scheme => new JsonObject { [scheme.Key] = new JsonArray() })];

    private static void Add(JsonObject responses, string status, string description)
    {
        if (responses[status] is null) responses[status] = Problem(description);
    }

    private static JsonObject Text(string? description)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (description is not null) schema["description"] = description;
        return schema;
    }
}
