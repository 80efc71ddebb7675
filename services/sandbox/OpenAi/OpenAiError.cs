namespace Empire.Sandbox.OpenAi;

/// <summary>Refused requests, in the shape of the door they came through: OpenAI's error object, or OpenRouter's with its numeric code.</summary>
public static class OpenAiError
{
    /// <param name="param">The request field that is wrong; null when it is none.</param>
    public static IResult Of(ChatDoor door, int status, string message, string? param = null, string? code = null) => door == ChatDoor.OpenRouter
        ? Results.Json(new { error = new { code = status, message } }, SandboxSetup.Json, statusCode: status)
        : Results.Json(new ErrorResponse(new(message, "invalid_request_error", param, code)), SandboxSetup.JsonWithNulls, statusCode: status);

    public static IResult Unauthorized(ChatDoor door) =>
        Of(door, 401, "You didn't provide an API key. Send it in an Authorization header using Bearer auth.");
}

/// <summary>The two providers that speak this wire format.</summary>
public enum ChatDoor { OpenAi, OpenRouter }
