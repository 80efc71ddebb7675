using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Gateway.Tests;

/// <summary>What stands behind the gateway: an identity that knows the credentials it is told, and services that answer what they were sent.
/// A request says how it wants to be answered: <c>X-Stub-Status</c>, <c>X-Stub-Cookie</c>, <c>X-Stub-Blameless</c>, <c>X-Stub-Pace</c> (<c>never</c>; <c>stall</c> after the headers, <c>stall-later</c> after some of the
/// body; <c>drip</c> a line every fifth of a second, twelve times).</summary>
public sealed class StubServices : IAsyncDisposable
{
    public const string OperatorKey = "gopt_operatoroperatoroperator";
    public const string MemberKey = "gopt_membermembermembermember";

    private readonly WebApplication app;
    private int answered;
    private int givenUp;
    private int waiting;

    private StubServices(WebApplication app, StubIdentity identity) => (this.app, Identity) = (app, identity);

    internal StubIdentity Identity { get; }

    public string Http => Addresses.First();
    public string Grpc => Addresses.Last();

    /// <summary>The caller tokens that halted this "service".</summary>
    public ConcurrentQueue<string> Halts { get; } = new();

    private int described;

    /// <summary>How often a "service" was asked to describe itself.</summary>
    public int Described => described;

    private ICollection<string> Addresses => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    public static async Task<StubServices> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        var identity = new StubIdentity();
        builder.Services.AddSingleton(identity);
        builder.Services.AddGrpc();
        var server = builder.Build();
        var stub = new StubServices(server, identity);
        server.MapGrpcService<StubIdentity>();
        server.MapPost("/api/v1/{service}/effects/{verb}", (HttpContext context) => stub.Halts.Enqueue(context.Request.Headers["X-Empire-Caller"].ToString()));
        server.MapGet("/internal/openapi/v1.json", () =>
        {
            Interlocked.Increment(ref stub.described);
            return Results.Text(Part, "application/json");
        });
        server.MapGet("/health/ready", () => Results.Json(new { status = "healthy", checks = new { database = new { status = stub.DatabaseStatus } } }, statusCode: stub.DatabaseStatus == "healthy" ? 200 : 503));
        server.MapGet("/health/business", () => Results.Json(new { status = "healthy", checks = stub.Business.ToDictionary(line => line.Key, line => new { status = line.Value.Status, last_at = line.Value.LastAt }) }));
        server.MapGet("/health/condition", () => Results.Json(new { status = "healthy", checks = stub.Condition.ToDictionary(line => line.Key, line => new { status = line.Value, reason = line.Value == "healthy" ? null : $"{line.Key} is {line.Value}" }) }));
        server.MapPost("/empire.telemetry.Telemetry/Ingest", async (HttpContext context) =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            await context.Request.Body.CopyToAsync(context.Response.Body);
            context.Response.AppendTrailer("grpc-status", "0");
            context.Response.AppendTrailer("x-empire-caller", context.Request.Headers["X-Empire-Caller"].ToString());
        });
        server.Map("/{**path}", stub.EchoAsync);
        await server.StartAsync();
        return stub;
    }

    public string DatabaseStatus { get; set; } = "healthy";

    /// <summary>Every "service" says this of its memory and its providers.</summary>
    public ConcurrentDictionary<string, string> Condition { get; } = new() { ["memory"] = "healthy", ["provider.Meadow"] = "healthy", ["key.OpenAi"] = "healthy" };

    /// <summary>Every "service" says that this has happened.</summary>
    public ConcurrentDictionary<string, (string Status, string? LastAt)> Business { get; } = new() { ["last_piece"] = ("healthy", "2026-03-02T09:00:00+00:00"), ["last_recipe"] = ("healthy", "2026-03-02T07:00:00+00:00") };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task EchoAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var seen = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        seen["body"] = await body.ReadToEndAsync();
        seen["path"] = context.Request.Path + context.Request.QueryString;
        seen["answer"] = $"{Interlocked.Increment(ref answered)}";
        if (int.TryParse(context.Request.Headers["X-Stub-Status"], out var status)) context.Response.StatusCode = status;
        if (context.Request.Headers.ContainsKey("X-Stub-Blameless")) Empire.Http.Blameless.Mark(context.Response);
        if (context.Request.Headers.ContainsKey("X-Stub-Cookie")) context.Response.Headers.SetCookie = "a=b";
        if (context.Request.Headers["X-Stub-Pace"].ToString() is { Length: > 0 } pace)
        {
            await AtPaceAsync(context, pace);
            return;
        }
        await context.Response.WriteAsJsonAsync(seen);
    }

    /// <summary>How many slow answers have ever been begun.</summary>
    public int Waiting => waiting;

    /// <summary>How many slow answers their reader gave up.</summary>
    public int GivenUp => givenUp;

    private async Task AtPaceAsync(HttpContext context, string pace)
    {
        var (answer, gone) = (context.Response, context.RequestAborted);
        try
        {
            Interlocked.Increment(ref waiting);
            if (pace is "drip") answer.ContentType = "text/event-stream";
            if (pace is "stall") answer.ContentLength = 1000;
            if (pace is not "never") await answer.StartAsync(gone);
            if (pace is "stall") await answer.Body.FlushAsync(gone);   // the headers are on their way
            if (pace is "stall-later") await answer.WriteAsync("some of it", gone);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            for (var line = 0; pace is "drip" && line < 12 && await timer.WaitForNextTickAsync(gone); line++)
            {
                await answer.WriteAsync($"data: {line}\n\n", gone);
                await answer.Body.FlushAsync(gone);
            }
            if (pace is not "drip") await Task.Delay(Timeout.Infinite, gone);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref givenUp);
        }
    }

    private const string Part = """
        {
          "openapi": "3.1.1", "info": { "title": "stub", "version": "1" },
          "paths": {
            "/api/signup": { "post": { "operationId": "SignUp", "tags": ["Accounts"], "summary": "Creates a free account",
              "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Request" } } } },
              "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Response" } } } } } } },
            "/inside/only": { "get": { "operationId": "Inside", "responses": { "200": { "description": "OK" } } } },
            "/api/v1/content/pieces/": { "get": { "responses": { "200": { "description": "OK" } } } }
          },
          "components": { "schemas": {
            "Request": { "type": "object", "required": ["email"], "properties": { "email": { "type": "string", "format": "email" } }, "examples": [{ "email": "user@example.com" }] },
            "Response": { "type": "object", "properties": { "status": { "type": "string" } } }
          } }
        }
        """;
}

internal sealed class StubIdentity : Identity.IdentityBase
{
    public static Guid Tenant { get; } = Guid.CreateVersion7();

    private readonly ConcurrentDictionary<string, AuthenticateReply> known = new();
    private readonly ConcurrentDictionary<string, bool> closed = new();
    private readonly ConcurrentDictionary<Guid, long> months = new();
    private int asked;
    private int made;

    public StubIdentity()
    {
        known[StubServices.OperatorKey] = new() { TenantId = Tenant.ToString(), Actor = "key:operator", Role = "owner", Tier = "enterprise", Operator = true, CacheSeconds = 10 };
        known[StubServices.MemberKey] = new() { TenantId = Tenant.ToString(), Actor = "key:member", Role = "owner", Tier = "enterprise", CacheSeconds = 10 };
    }

    public int Asked => asked;

    public ConcurrentBag<string> Returned { get; } = [];

    /// <summary>Calls that were told of afterwards, by account; a batch that is sent again is none.</summary>
    public ConcurrentDictionary<Guid, long> Counted { get; } = new();
    private readonly ConcurrentDictionary<string, bool> batches = new();
    private int lostAnswers;

    /// <summary>The next batch is counted, and its answer lost.</summary>
    public void LoseAnswerToBatch() => Interlocked.Exchange(ref lostAnswers, 1);

    /// <summary>A key that nobody else has, of an account of its own.</summary>
    public string Key(string tier = "enterprise", Action<AuthenticateReply>? with = null)
    {
        var number = Interlocked.Increment(ref made);
        var key = $"gopt_{number:D24}";
        var reply = new AuthenticateReply { TenantId = Guid.CreateVersion7().ToString(), Actor = $"key:{number}", Role = "owner", Tier = tier, CacheSeconds = 10 };
        with?.Invoke(reply);
        known[key] = reply;
        return key;
    }

    public void Know(string credential, AuthenticateReply reply) => known[credential] = reply;

    public AuthenticateReply Of(string credential) => known[credential];

    /// <summary>The key is good, its account is not any more.</summary>
    public void Close(string credential) => closed[credential] = true;

    public void Forget(string credential) => known.TryRemove(credential, out _);

    /// <summary>Nobody is told who this is.</summary>
    public const string KeyWithoutAnswer = "gopt_silencesilencesilencesil";

    /// <summary>It was good once.</summary>
    public const string OverToken = "once.was.good";

    public override async Task<AuthenticateReply> Authenticate(AuthenticateRequest request, ServerCallContext context)
    {
        if (request.ApiKey == KeyWithoutAnswer) await Task.Delay(Timeout.Infinite, context.CancellationToken);
        Interlocked.Increment(ref asked);
        var credential = request.CredentialCase switch
        {
            AuthenticateRequest.CredentialOneofCase.ApiKey => request.ApiKey,
            AuthenticateRequest.CredentialOneofCase.Session => "session:" + request.Session,
            _ => "token:" + request.AccessToken,
        };
        if (credential == "gopt_inactiveinactiveinactive" || closed.ContainsKey(credential)) throw new RpcException(new Status(StatusCode.PermissionDenied, "The account is not active."));
        if (credential == "token:" + OverToken) throw new RpcException(new Status(StatusCode.Unauthenticated, "The access token is over."), new Metadata { { Empire.Http.Blameless.Header, "1" } });
        return known.TryGetValue(credential, out var reply) ? reply : throw new RpcException(new Status(StatusCode.Unauthenticated, "The API key is not valid."));
    }

    public override Task<SpendCallReply> SpendCall(SpendCallRequest request, ServerCallContext context)
    {
        const long Limit = 100;
        var used = months.AddOrUpdate(TenantOf(context.RequestHeaders.GetValue("x-empire-caller")!), 1, (_, count) => count + 1);
        if (used > Limit) throw new RpcException(new Status(StatusCode.ResourceExhausted, "The 100 calls of this month are used up."));
        return Task.FromResult(new SpendCallReply { Receipt = $"receipt-{used}", Used = used, Limit = Limit });
    }

    public override Task<CountCallsReply> CountCalls(CountCallsRequest request, ServerCallContext context)
    {
        if (batches.TryAdd(request.Batch, true))
            foreach (var line in request.Calls) Counted.AddOrUpdate(Guid.Parse(line.TenantId), line.Calls, (_, count) => count + line.Calls);
        return Interlocked.Exchange(ref lostAnswers, 0) == 1 ? throw new RpcException(new Status(StatusCode.Unavailable, "The answer is lost.")) : Task.FromResult(new CountCallsReply());
    }

    /// <summary>Of the token, which itself changes with every second of its expiry.</summary>
    private static Guid TenantOf(string token)
    {
        using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.'))));
        return body.RootElement.GetProperty(nameof(Caller.Tenant)).GetGuid();
    }

    public override Task<ReturnCallReply> ReturnCall(ReturnCallRequest request, ServerCallContext context)
    {
        Returned.Add(request.Receipt);
        return Task.FromResult(new ReturnCallReply());
    }
}
