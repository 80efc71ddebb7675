using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Empire.Content.Tests.Stubs;

/// <summary>A provider outside the process that answers as the test scripts it, and otherwise writes good pieces.</summary>
public sealed class StubLlm : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<StubReply> script = new();
    private readonly ConcurrentQueue<StubRequest> requests = new();

    private StubLlm(WebApplication server) => this.server = server;

    public string Address => server.Urls.Single();

    /// <summary>What has come in, in order.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. requests];

    /// <summary>How a request is answered that the script does not cover.</summary>
    public Func<StubRequest, StubReply> Otherwise { get; set; } = request => StubReply.Good(request);

    public static async Task<StubLlm> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var stub = new StubLlm(builder.Build());
        stub.server.Urls.Add("http://127.0.0.1:0");
        stub.server.MapPost("/{door}/v1/chat/completions", stub.AnswerAsync);
        await stub.server.StartAsync();
        return stub;
    }

    /// <summary>Answers to the next requests, in order.</summary>
    public void Script(params StubReply[] replies)
    {
        foreach (var reply in replies) script.Enqueue(reply);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(string door, HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        var request = new StubRequest(door, http.Request.Headers.Authorization.ToString(), body);
        requests.Enqueue(request);
        var reply = script.TryDequeue(out var scripted) ? scripted : Otherwise(request);
        if (reply.Until is { } gate) await gate.WaitAsync(http.RequestAborted);
        if (reply.Cut)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = reply.Status;
        if (reply.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        await http.Response.WriteAsJsonAsync(reply.Status == 200 ? Completion(request, reply) : new JsonObject { ["error"] = new JsonObject { ["message"] = "scripted", ["type"] = "stub", ["param"] = null, ["code"] = "stub" } });
    }

    private static JsonObject Completion(StubRequest request, StubReply reply)
    {
        var output = Math.Min(reply.OutputTokens, request.Body.GetProperty("max_completion_tokens").GetInt32());
        return new()
        {
            ["id"] = "chatcmpl-stub",
            ["object"] = "chat.completion",
            ["created"] = 1_772_000_000,
            ["model"] = request.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = reply.Content, ["refusal"] = null },
                ["finish_reason"] = reply.FinishReason,
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = reply.InputTokens, ["completion_tokens"] = output, ["total_tokens"] = reply.InputTokens + output },
        };
    }
}

/// <param name="Door">openai or openrouter.</param>
public sealed record StubRequest(string Door, string Authorization, JsonElement Body)
{
    public string Model => Body.GetProperty("model").GetString()!;

    public string LastUserText => Body.GetProperty("messages").EnumerateArray().Last(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;

    public string SystemTexts => string.Join('\n', Body.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() == "system").Select(message => message.GetProperty("content").GetString()));

    public JsonElement Brief => JsonElement.Parse(LastUserText[(LastUserText.IndexOf("\nBRIEF\n", StringComparison.Ordinal) + 7)..]);
}

/// <param name="Until">The answer waits for it.</param>
/// <param name="Cut">The connection is reset instead of answered, after the request was read.</param>
public sealed record StubReply(
    int Status, string? Content = null, double? RetryAfterSeconds = null, string FinishReason = "stop", int InputTokens = 800, int OutputTokens = 1000, Task? Until = null, bool Cut = false)
{
    public static StubReply Good(StubRequest request) => Of(GoodDocument.For(request.Brief));

    public static StubReply Of(JsonObject document) => new(200, document.ToJsonString());

    public static StubReply Text(string content) => new(200, content);

    public static StubReply Error(int status, double? retryAfterSeconds = null) => new(status, RetryAfterSeconds: retryAfterSeconds);
}
