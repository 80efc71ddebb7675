using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.GpuAgent.Tests;

/// <summary>The server's side of telemetry.proto on real sockets: stores what has a higher number than anything before, tells the rest that it is repeated, and can be stopped, started again,
/// kept from answering, and made to refuse.</summary>
internal sealed class StubTelemetry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ulong> highest = new();
    private readonly ConcurrentQueue<SampleBatch> stored = new();
    private readonly ConcurrentQueue<string> reports = new();
    private WebApplication? app;
    private CancellationTokenSource revoked = new();

    public const string Key = "gopt_abcdefghijklmnopqrstuvwx";

    public int Port { get; private set; }
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Batches in the order in which they were stored; a repeated one is not among them.</summary>
    public IReadOnlyList<SampleBatch> Stored => [.. stored];

    /// <summary>Bodies of POST /api/track-usage that were stored.</summary>
    public IReadOnlyList<string> Reports => [.. reports];
    public int Greetings { get; private set; }
    public int HttpGreetings { get; private set; }
    public int Repeated { get; private set; }
    public int Received { get; private set; }

    /// <summary>Stores and says nothing, like a server that dies before its answer.</summary>
    public bool Mute { get; set; }

    /// <summary>Keeps nothing but counts, for what runs long.</summary>
    public bool Forgetful { get; init; }
    public bool NoGrpc { get; init; }

    /// <summary>Of a report, why it is refused; as the server it stores nothing of it then and spends no number. Null: it is good.</summary>
    public Func<JsonElement, string?> RefuseReport { get; set; } = _ => null;

    /// <summary>A longer report is answered with 413.</summary>
    public int MostReportBytes { get; init; } = int.MaxValue;

    /// <summary>Numbers of bytes of all reports, those that were not taken included.</summary>
    public ConcurrentQueue<int> ReportBytes { get; } = new();

    /// <summary>What a proxy on the way answers to the next reports, which never reach the server.</summary>
    public ConcurrentQueue<IResult> InBetween { get; } = new();
    public Func<SampleBatch, string?> Refuse { get; set; } = _ => null;
    public int NotTaken { get; set; }

    /// <summary>So many greetings are answered by a server whose database is away: only with when to come again, and the end of the stream.</summary>
    public int GreetingsNotTaken { get; set; }

    /// <summary>What it says of the agents' clocks.</summary>
    public long ClockShiftMs { get; set; }

    public static async Task<StubTelemetry> StartAsync(StubTelemetry? stub = null)
    {
        stub ??= new();
        await stub.UpAsync();
        return stub;
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = NoGrpc ? HttpProtocols.Http1 : HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new Service(this));
        app = builder.Build();
        app.MapGrpcService<Service>();
        app.MapPost("/api/track-usage", (Delegate)ReportAsync);
        app.MapGet("/api/gpu/current", (HttpContext context) => context.Request.Headers.Authorization == $"Bearer {Key}" ? Results.Ok() : Results.Unauthorized());
        await app.StartAsync();
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public async Task DownAsync()
    {
        if (app is null) return;
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
        app = null;
    }

    public async Task RevokeAsync() => await revoked.CancelAsync();

    public void PutInForce() => revoked = new();

    private async Task<IResult> ReportAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.GetProperty("api_key").GetString() != Key) return Results.Unauthorized();
        if (InBetween.TryDequeue(out var other)) return other;
        if (json.RootElement.GetProperty("sequence").GetUInt64() == 0)
        {
            HttpGreetings++;
            return Results.Json(new { sequence = 0, highest_sequence = highest.GetValueOrDefault(json.RootElement.GetProperty("agent_id").GetString()!), status = "success" });
        }
        ReportBytes.Enqueue(body.Length);
        if (body.Length > MostReportBytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (RefuseReport(json.RootElement) is { } why) return Results.Json(new { errors = new Dictionary<string, string[]> { ["gpu_data[0].gpu_util"] = [why] } }, statusCode: StatusCodes.Status400BadRequest);
        var sequence = json.RootElement.GetProperty("sequence").GetUInt64();
        var agent = json.RootElement.GetProperty("agent_id").GetString()!;
        lock (stored)
        {
            if (sequence > highest.GetValueOrDefault(agent)) reports.Enqueue(body); // the server, too, stores what has a lower number no second time
            else Repeated++;
            sequence = highest[agent] = Math.Max(sequence, highest.GetValueOrDefault(agent));
        }
        return Results.Json(new { sequence, highest_sequence = sequence, status = "success", gpus_monitored = json.RootElement.GetProperty("gpu_data").GetArrayLength(), potential_hourly_savings = 0.0, monthly_projection = 0.0, tier = "free" });
    }

    public ValueTask DisposeAsync() => new(DownAsync());

    private sealed class Service(StubTelemetry stub) : Ingest.IngestBase
    {
        public override async Task Stream(IAsyncStreamReader<SampleBatch> requestStream, IServerStreamWriter<BatchReply> responseStream, ServerCallContext context)
        {
            var gone = stub.revoked.Token;
            if (context.RequestHeaders.GetValue("authorization") != $"Bearer {Key}" || gone.IsCancellationRequested) throw new RpcException(new(StatusCode.Unauthenticated, "The key is unknown or revoked."));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, gone);
            var paused = false;
            try
            {
                while (await requestStream.MoveNext(either.Token))
                {
                    // What follows a batch that was not taken is not taken either: stored before it, it would make it a repetition.
                    var reply = paused ? new() { Sequence = requestStream.Current.Sequence, RetryAfterMs = 50 } : stub.Take(requestStream.Current);
                    paused |= reply is { Sequence: > 0, OutcomeCase: BatchReply.OutcomeOneofCase.None };
                    if (stub.Mute && reply.Sequence > 0) continue;
                    await responseStream.WriteAsync(reply, either.Token);
                    if (reply is { Sequence: 0, OutcomeCase: BatchReply.OutcomeOneofCase.None }) return;
                }
            }
            catch (OperationCanceledException) when (gone.IsCancellationRequested)
            {
                throw new RpcException(new(StatusCode.Unauthenticated, "The key was revoked."));
            }
        }
    }

    private BatchReply Take(SampleBatch batch)
    {
        lock (stored)
        {
            var known = highest.GetValueOrDefault(batch.AgentId);
            var reply = new BatchReply { Sequence = batch.Sequence, HighestSequence = known, ClockShiftMs = ClockShiftMs };
            if (batch.Sequence == 0)
            {
                Greetings++;
                if (GreetingsNotTaken > 0)
                {
                    GreetingsNotTaken--;
                    return new() { RetryAfterMs = 1000 };
                }
                reply.Stored = new();
                return reply;
            }
            Received++;
            if (batch.Sequence <= known)
            {
                Repeated++;
                reply.Stored = new() { Count = (uint)batch.Samples.Count, Repeated = true };
                return reply;
            }
            if (NotTaken > 0)
            {
                NotTaken--;
                reply.RetryAfterMs = 50;
                return reply;
            }
            highest[batch.AgentId] = reply.HighestSequence = batch.Sequence;
            if (Refuse(batch) is { } why)
            {
                reply.Refused = new() { Errors = { new FieldError { Field = "gpu_data[0].gpu_util", Detail = why } } };
                return reply;
            }
            if (!Forgetful) stored.Enqueue(batch.Clone());
            reply.Stored = new() { Count = (uint)batch.Samples.Count };
            return reply;
        }
    }
}
