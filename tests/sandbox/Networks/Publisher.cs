using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Empire.Sandbox.Tests.Networks;

/// <summary>The receiving end of postbacks: a real endpoint that answers what the test tells it to.</summary>
public sealed class Publisher : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<int> answers = new();

    public sealed record Received(string Network, string Body, string? Timestamp, string? Signature);

    Publisher()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/api/conversions/{network}", async (string network, HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            Postbacks.Enqueue(new(network, await reader.ReadToEndAsync(), request.Headers["X-Network-Timestamp"], request.Headers["X-Network-Signature"]));
            return Results.StatusCode(answers.TryDequeue(out var status) ? status : 200);
        });
    }

    public ConcurrentQueue<Received> Postbacks { get; } = new();

    /// <summary>Listening, and known to the sandbox as the target of its postbacks.</summary>
    public static async Task<Publisher> StartAsync(SandboxApp sandbox)
    {
        var publisher = new Publisher();
        await publisher.app.StartAsync();
        using var client = sandbox.Client();
        await client.PostAsync("/control/reset", null);
        using var response = await client.PutAsJsonAsync("/control/postback-target", new { url = publisher.app.Urls.Single() + "/api/conversions/{network}" });
        response.EnsureSuccessStatusCode();
        return publisher;
    }

    /// <summary>The next answers, in order; afterwards 200.</summary>
    public void Answer(params int[] statuses)
    {
        foreach (var status in statuses) answers.Enqueue(status);
    }

    public Task<IReadOnlyList<Received>> ReceivedAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult<IReadOnlyList<Received>>([.. Postbacks]), received => received.Count >= count);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
