using System.Collections.Concurrent;
using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stubs;

/// <summary>Stands for analytics: one code per link key, for ever.</summary>
public sealed class StubAnalytics() : StubServer(HttpProtocols.Http2)
{
    private int failures;
    private int made;

    public ConcurrentDictionary<string, CreateLinkRequest> Links { get; } = new();
    public ConcurrentDictionary<string, string> Codes { get; } = new();

    /// <summary>Which destinations it will not link to.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>The next calls find nobody there.</summary>
    public void FailNext(int calls) => failures = calls;

    protected override void Configure(IServiceCollection services)
    {
        services.AddGrpc();
        services.AddSingleton(this);
    }

    protected override void Map(WebApplication app) => app.MapGrpcService<Service>();

    private sealed class Service(StubAnalytics stub) : Analytics.AnalyticsBase
    {
        public override Task<CreateLinkReply> CreateLink(CreateLinkRequest request, ServerCallContext context)
        {
            if (Interlocked.Decrement(ref stub.failures) >= 0) throw new RpcException(new Status(StatusCode.Unavailable, "analytics is away"));
            if (stub.Refuses(request.Destination)) throw new RpcException(new Status(StatusCode.InvalidArgument, "destination: is not an address that a browser can open."));
            stub.Links.TryAdd(request.LinkKey, request);
            return Task.FromResult(new CreateLinkReply { Code = stub.Codes.GetOrAdd(request.LinkKey, _ => $"c{Interlocked.Increment(ref stub.made):x6}") });
        }
    }
}
