using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Empire.Tests.Effects;

/// <summary>What the provider does with one request.</summary>
public enum Fault { None, CutBefore, CutAfter, FailBefore, FailAfter, SilentAfter, Busy, Refuse, SlowAfter, PauseBefore }

/// <summary>A provider over real HTTP that counts what it did. A letter brings the faults of its attempts along, so a test is a script.</summary>
internal sealed class PostOffice : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> faults = new();
    private readonly ConcurrentDictionary<string, int> sent = new();
    private readonly ConcurrentDictionary<string, int> arrived = new();
    private readonly ConcurrentDictionary<string, string> answersByKey = new();
    private readonly ConcurrentDictionary<string, bool> givenUp = new();

    private PostOffice(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Letters that left in the world under this name; more than 1 is what must never be.</summary>
    public int Sent(string letter) => sent.GetValueOrDefault(letter);

    /// <summary>Requests to send this letter, whatever became of them.</summary>
    public int Arrived(string letter) => arrived.GetValueOrDefault(letter);

    /// <summary>What the requests for a letter meet, in order; after the last, all is well.</summary>
    public void Script(string letter, params Fault[] script) => faults[letter] = new(script);

    public static async Task<PostOffice> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var office = new PostOffice(builder.Build());
        office.app.MapPost("/letters/{letter}", office.SendAsync);
        office.app.MapGet("/letters/{letter}", (string letter) => office.sent.ContainsKey(letter) ? Results.Text($"no-{letter}") : Results.NotFound());
        await office.app.StartAsync();
        office.Address = new(office.app.Urls.First());
        return office;
    }

    /// <summary>Whether the sender of a letter hung up before it was answered.</summary>
    public bool IsGivenUp(string letter) => givenUp.ContainsKey(letter);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> SendAsync(string letter, HttpContext context)
    {
        arrived.AddOrUpdate(letter, 1, (_, times) => times + 1);
        if (!faults.TryGetValue(letter, out var script) || !script.TryDequeue(out var fault)) fault = Fault.None;
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (fault == Fault.Refuse && answersByKey.ContainsKey(key)) fault = Fault.None; // a known key gets its first answer before anything is judged
        switch (fault)
        {
            case Fault.CutBefore: context.Abort(); return Results.Empty;
            case Fault.FailBefore: return Results.StatusCode((int)HttpStatusCode.InternalServerError);
            case Fault.Busy: return Results.StatusCode((int)HttpStatusCode.TooManyRequests);
            case Fault.PauseBefore: await Task.Delay(TimeSpan.FromMilliseconds(100)); break;
            case Fault.Refuse: return Results.BadRequest("no such address");
        }
        var number = key.Length == 0 ? Send(letter) : answersByKey.GetOrAdd(key, _ => Send(letter));
        switch (fault)
        {
            case Fault.CutAfter: context.Abort(); return Results.Empty;
            case Fault.FailAfter: return Results.StatusCode((int)HttpStatusCode.BadGateway);
            case Fault.SlowAfter: await Task.Delay(TimeSpan.FromSeconds(3)); break; // longer than the leases of the tests
            case Fault.SilentAfter:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                givenUp.TryAdd(letter, true);
                return Results.Empty;
        }
        return Results.Text(number);
    }

    private string Send(string letter)
    {
        sent.AddOrUpdate(letter, 1, (_, times) => times + 1);
        return $"no-{letter}";
    }
}
