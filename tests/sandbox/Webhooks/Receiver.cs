using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Empire.Sandbox.Tests.Webhooks;

/// <summary>The receiving end of a payment provider's webhooks: a real endpoint that answers what the test tells it to.</summary>
public sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<int> answers = new();

    public sealed record Received(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    }

    Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/{**path}", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            All.Enqueue(new(request.Path, await reader.ReadToEndAsync(), request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            return Results.StatusCode(answers.TryDequeue(out var status) ? status : 200);
        });
    }

    public ConcurrentQueue<Received> All { get; } = new();

    public string Url => app.Urls.Single();

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Listening, and known to the clean sandbox as the provider's endpoint.</summary>
    public static async Task<Receiver> StartAsync(SandboxApp sandbox, string provider)
    {
        var receiver = await StartAsync();
        await sandbox.ResetAsync();
        using var client = sandbox.Client();
        using var response = await client.PutAsJsonAsync($"/control/webhooks/{provider}/target", new { url = $"{receiver.Url}/{provider}" });
        response.EnsureSuccessStatusCode();
        return receiver;
    }

    /// <summary>The next answers, in order; afterwards 200.</summary>
    public void Answer(params int[] statuses)
    {
        foreach (var status in statuses) answers.Enqueue(status);
    }

    public Task<IReadOnlyList<Received>> ReceivedAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult<IReadOnlyList<Received>>([.. All]), received => received.Count >= count);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
