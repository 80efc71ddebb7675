using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Flutterwave;

/// <summary>A refusal in Flutterwave's envelope.</summary>
public sealed class FlutterwaveException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The envelope of every answer: status, message, data.</summary>
static class FlutterwaveAnswer
{
    /// <summary>Checks the key, runs the handler, and wraps what comes of it.</summary>
    public static async Task<IResult> OfAsync(HttpContext http, Func<Task<(string Message, JsonNode? Data, JsonObject? Meta)>> handler)
    {
        try
        {
            RequireKey(http.Request);
            var (message, data, meta) = await handler();
            var answer = new JsonObject { ["status"] = "success", ["message"] = message };
            if (meta is not null) answer["meta"] = meta;
            answer["data"] = data;
            return Results.Json(answer, SandboxSetup.JsonWithNulls);
        }
        catch (FlutterwaveException refusal)
        {
            return Results.Json(new JsonObject { ["status"] = "error", ["message"] = refusal.Message, ["data"] = null }, SandboxSetup.JsonWithNulls, statusCode: refusal.Status);
        }
    }

    public static async Task<JsonObject> BodyAsync(HttpContext http) => await JsonBody.ReadAsync(http.Request) ?? throw new FlutterwaveException(400, "The request body is not a JSON object");

    public static string Required(JsonObject body, string field) => JsonBody.Text(body, field) ?? throw new FlutterwaveException(400, $"{field} is required");

    /// <summary>Positive, with at most two decimals.</summary>
    public static decimal Amount(JsonObject body, string field = "amount")
    {
        if (body[field] is null) throw new FlutterwaveException(400, $"{field} is required");
        if (JsonBody.Number(body, field) is not { } amount || amount <= 0 || amount > 1_000_000_000m) throw new FlutterwaveException(400, $"{field} should be a number greater than 0");
        return decimal.Round(amount, 2) == amount ? amount : throw new FlutterwaveException(400, $"{field} should have at most two decimals");
    }

    static void RequireKey(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var key = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        if (key.Length == 0) throw new FlutterwaveException(401, "Authorization is required");
        if (key.Contains("invalid", StringComparison.OrdinalIgnoreCase)) throw new FlutterwaveException(401, "Invalid authorization key");
    }
}
