using System.Text.Json;

namespace Empire.Sandbox.OpenAi;

/// <summary>The answer as server-sent events: a chunk per few words, a last one with the finish reason, the usage when asked for, then [DONE].</summary>
public sealed class ChatStream(ChatResponse response, bool withUsage) : IResult
{
    const int CharactersPerChunk = 80;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-cache";
        var ct = httpContext.RequestAborted;
        var choice = response.Choices[0];
        await SendAsync(new { role = "assistant", content = "", refusal = (string?)null }, null);
        foreach (var piece in (choice.Message.Content ?? "").Chunk(CharactersPerChunk)) await SendAsync(new { content = new string(piece) }, null);
        if (choice.Message.Refusal is { } refusal) await SendAsync(new { refusal }, null);
        await SendAsync(new { }, choice.FinishReason);
        if (withUsage) await WriteAsync(Chunk([], response.Usage));
        await httpContext.Response.WriteAsync("data: [DONE]\n\n", ct);

        Task SendAsync(object delta, string? finishReason) => WriteAsync(Chunk([new { index = 0, delta, logprobs = (object?)null, finish_reason = finishReason }], null));

        async Task WriteAsync(object chunk)
        {
            await httpContext.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk, SandboxSetup.JsonWithNulls)}\n\n", ct);
            await httpContext.Response.Body.FlushAsync(ct);
        }
    }

    Dictionary<string, object> Chunk(object[] choices, ChatUsage? usage)
    {
        var chunk = new Dictionary<string, object>
        {
            ["id"] = response.Id,
            ["object"] = "chat.completion.chunk",
            ["created"] = response.Created,
            ["model"] = response.Model,
            ["service_tier"] = response.ServiceTier,
            ["system_fingerprint"] = response.SystemFingerprint,
            ["choices"] = choices,
        };
        if (usage is not null) chunk["usage"] = usage; // the description knows no null here
        return chunk;
    }
}
