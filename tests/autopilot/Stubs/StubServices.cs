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
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Autopilot.Tests.Stubs;

/// <summary>The three services a cycle asks, over real gRPC, and identity. Each answers as told and remembers what it was asked.</summary>
public sealed class StubServices : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubServices(WebApplication app, ServiceScript script) => (this.app, Script) = (app, script);

    public ServiceScript Script { get; }

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<StubServices> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var script = new ServiceScript();
        builder.Services.AddSingleton(script);
        builder.Services.AddGrpc();
        var server = builder.Build();
        server.MapGrpcService<StubIdentity>();
        server.MapGrpcService<StubContent>();
        server.MapGrpcService<StubPublishing>();
        server.MapGrpcService<StubAnalytics>();
        await server.StartAsync();
        return new(server, script);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>What the stubs do and saw. A piece or publication is made at the second look.</summary>
public sealed class ServiceScript
{
    public ConcurrentDictionary<string, Guid> Pieces { get; } = new();
    public ConcurrentDictionary<string, Guid> Publications { get; } = new();
    public ConcurrentDictionary<string, int> Looks { get; } = new();

    /// <summary>Calls that fail before one succeeds, by method.</summary>
    public ConcurrentDictionary<string, int> Failures { get; } = new();

    /// <summary>Who runs the installation; null: nobody yet.</summary>
    public TenantId? Operator { get; set; }

    /// <summary>Why an account may not publish on X; empty where it may.</summary>
    public Func<TenantId, string> ClosedX { get; set; } = _ => "";

    /// <summary>Networks whose report cannot be read now.</summary>
    public IReadOnlyList<string> Incomplete { get; set; } = [];

    /// <summary>While set, nothing ever gets done.</summary>
    public bool Stuck { get; set; }

    /// <summary>How they fail.</summary>
    public StatusCode FailsWith { get; set; } = StatusCode.Unavailable;

    public void Fail(string method)
    {
        if (Failures.AddOrUpdate(method, -1, (_, left) => left - 1) >= 0) throw new RpcException(new Status(FailsWith, $"{method} is scripted to fail"));
    }

    public bool Ready(string what) => !Stuck && Looks.AddOrUpdate(what, 1, (_, looks) => looks + 1) > 1;
}

internal sealed class StubIdentity(ServiceScript script) : Identity.IdentityBase
{
    /// <summary>Fourteen hours before UTC: for ten hours of each day its date is not UTC's.</summary>
    public const string Zone = "Pacific/Kiritimati";

    public override Task<Tenant> GetTenant(GetTenantRequest request, ServerCallContext context) => Task.FromResult(new Tenant { Name = "stub", TimeZone = Zone, Tier = "free" });

    public override Task<GetOperatorReply> GetOperator(GetOperatorRequest request, ServerCallContext context) =>
        script.Operator is { } tenant ? Task.FromResult(new GetOperatorReply { TenantId = $"{tenant.Value}" }) : throw new RpcException(new Status(StatusCode.NotFound, "Nobody runs it yet."));
}

internal sealed class StubContent(ServiceScript script) : Content.ContentBase
{
    public override Task<RequestPiecesReply> RequestPieces(RequestPiecesRequest request, ServerCallContext context)
    {
        script.Fail(nameof(RequestPieces));
        var reply = new RequestPiecesReply();
        reply.Pieces.AddRange(request.Pieces.Select(piece => new RequestedPiece
        {
            RequestKey = piece.RequestKey,
            PieceId = script.Pieces.GetOrAdd(piece.RequestKey, _ => Guid.CreateVersion7()).ToString(),
            State = script.Ready(piece.RequestKey) ? "generated" : "requested",
        }));
        return Task.FromResult(reply);
    }
}

internal sealed class StubPublishing(ServiceScript script) : Publishing.PublishingBase
{
    public override Task<ListChannelsReply> ListChannels(ListChannelsRequest request, ServerCallContext context)
    {
        script.Fail(nameof(ListChannels));
        return Task.FromResult(new ListChannelsReply
        {
            Channels = { new ChannelStanding { Channel = "blog" }, new ChannelStanding { Channel = "x", Refusal = script.ClosedX(TenantOf(context)) } },
        });
    }

    /// <summary>As the token of the call says it; the stub has no key to check it with.</summary>
    private static TenantId TenantOf(ServerCallContext context)
    {
        var token = context.RequestHeaders.GetValue(CallerToken.Header.ToLowerInvariant())!.Split('.')[0];
        return new(JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token)).GetProperty("Tenant").GetGuid());
    }

    public override Task<PlanPublicationsReply> PlanPublications(PlanPublicationsRequest request, ServerCallContext context)
    {
        script.Fail(nameof(PlanPublications));
        var reply = new PlanPublicationsReply();
        reply.Publications.AddRange(request.Publications.Select(wanted => new PlannedPublication
        {
            PieceId = wanted.PieceId,
            Channel = wanted.Channel,
            PublicationId = script.Publications.GetOrAdd($"{wanted.PieceId}/{wanted.Channel}", _ => Guid.CreateVersion7()).ToString(),
            State = script.Ready($"{wanted.PieceId}/{wanted.Channel}") ? "published" : "planned",
        }));
        return Task.FromResult(reply);
    }
}

internal sealed class StubAnalytics(ServiceScript script) : Analytics.AnalyticsBase
{
    public override Task<CollectConversionsReply> CollectConversions(CollectConversionsRequest request, ServerCallContext context)
    {
        script.Fail(nameof(CollectConversions));
        return Task.FromResult(new CollectConversionsReply { Seen = 3, Recorded = 1, Incomplete = { script.Incomplete } });
    }

    public override Task<ComputeReturnsReply> ComputeReturns(ComputeReturnsRequest request, ServerCallContext context)
    {
        script.Fail(nameof(ComputeReturns));
        return Task.FromResult(Figures());
    }

    private static ComputeReturnsReply Figures() => new()
    {
        Cost = new() { Micros = 1_250_000, Currency = "USD" },
        Revenue = new() { Micros = 5_000_000, Currency = "USD" },
        Clicks = 4,
        Conversions = 1,
        Complete = true,
        Returns = { new Return { Dimension = "niche", Value = "kitchen", Cost = new() { Micros = 1_250_000, Currency = "USD" }, Revenue = new() { Micros = 5_000_000, Currency = "USD" }, RoiPercent = "300.00" } },
    };
}
