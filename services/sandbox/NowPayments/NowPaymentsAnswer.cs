using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.NowPayments;

/// <summary>A refusal in NOWPayments' words.</summary>
public sealed class NowPaymentsException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;

    public static NowPaymentsException Invalid(string message) => new(400, "INVALID_REQUEST_PARAMS", message);
}

static class NowPaymentsAnswer
{
    /// <param name="open">Needs no key.</param>
    public static async Task<IResult> OfAsync(HttpContext http, Func<Task<JsonNode>> handler, int status = 200, bool open = false)
    {
        try
        {
            if (!open) RequireKey(http.Request.Headers["x-api-key"].ToString());
            return Results.Json(await handler(), SandboxSetup.JsonWithNulls, statusCode: status);
        }
        catch (NowPaymentsException refusal)
        {
            return Results.Json(Error(refusal.Status, refusal.Code, refusal.Message), SandboxSetup.JsonWithNulls, statusCode: refusal.Status);
        }
    }

    public static JsonObject Error(int status, string code, string message) => new() { ["status"] = false, ["statusCode"] = status, ["code"] = code, ["message"] = message };

    public static async Task<JsonObject> BodyAsync(HttpContext http) => await JsonBody.ReadAsync(http.Request) ?? throw NowPaymentsException.Invalid("The request body is not a JSON object");

    public static string Required(JsonObject body, string field) => JsonBody.Text(body, field) ?? throw NowPaymentsException.Invalid($"{field} is required");

    public static decimal Positive(string? text, string field) => text is null ? throw NowPaymentsException.Invalid($"{field} is required")
        : decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1_000_000_000_000m ? number
        : throw NowPaymentsException.Invalid($"{field} must be a positive number");

    public static Coin RequireCoin(string ticker, string field) => Coin.Find(ticker) ?? throw NowPaymentsException.Invalid($"{field}: currency {ticker} is not supported");

    public static decimal RequireWorth(string currency, string field) => Fiat.Worth(currency) ?? throw NowPaymentsException.Invalid($"{field}: currency {currency} is not supported");

    /// <summary>An address that may be absent.</summary>
    public static string? Address(JsonObject body, string field) => JsonBody.Text(body, field) is not { } url ? null
        : Webhooks.WebhookChannel.IsAddress(url) ? url : throw NowPaymentsException.Invalid($"{field} must be a valid uri");

    static void RequireKey(string key)
    {
        if (string.IsNullOrWhiteSpace(key)) throw new NowPaymentsException(401, "AUTH_REQUIRED", "x-api-key header is required");
        if (key.Contains("invalid", StringComparison.OrdinalIgnoreCase)) throw new NowPaymentsException(403, "INVALID_API_KEY", "Invalid api key");
    }
}
