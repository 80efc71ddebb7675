using System.Text.Json;

namespace Empire.Sandbox.OpenAi;

/// <summary>Chat completions as OpenAI and OpenRouter offer them, answered by the offline composer. Source: OpenAI's API description 2.3.0.</summary>
public static class OpenAiEndpoints
{
    public static void AddOpenAi(this IServiceCollection services) => services.AddSingleton<ChatCompletion>();

    public static void MapOpenAi(this WebApplication app)
    {
        Map(app.MapGroup("/openai/v1"), ChatDoor.OpenAi);
        Map(app.MapGroup("/openrouter/api/v1"), ChatDoor.OpenRouter);
    }

    static void Map(RouteGroupBuilder group, ChatDoor door)
    {
        group.MapPost("/chat/completions", (HttpContext http, ChatCompletion chat, CancellationToken ct) => CompleteAsync(door, http, chat, ct));
        group.MapGet("/models", (HttpContext http) =>
            !HasKey(http.Request) ? OpenAiError.Unauthorized(door)
            : Results.Json(door == ChatDoor.OpenAi ? ModelCatalogue.ListOpenAi() : ModelCatalogue.ListOpenRouter(), SandboxSetup.JsonWithNulls));
    }

    static async Task<IResult> CompleteAsync(ChatDoor door, HttpContext http, ChatCompletion chat, CancellationToken ct)
    {
        if (!HasKey(http.Request)) return OpenAiError.Unauthorized(door);
        ChatRequest? request;
        try { request = await JsonSerializer.DeserializeAsync<ChatRequest>(http.Request.Body, SandboxSetup.Json, ct); }
        catch (JsonException e) { return OpenAiError.Of(door, 400, $"We could not parse the JSON body of your request: {e.Message}"); }
        var answer = chat.Answer(door, request ?? new());
        if (answer.Refused is { } refused) return refused;
        http.Response.Headers["x-request-id"] = answer.Response!.Id.Replace("chatcmpl-", "req_", StringComparison.Ordinal);
        return request!.Stream == true ? new ChatStream(answer.Response, request.StreamOptions?.IncludeUsage == true) : Results.Json(answer.Response, SandboxSetup.JsonWithNulls);
    }

    static bool HasKey(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header.AsSpan("Bearer ".Length).Trim().Length > 0;
}
