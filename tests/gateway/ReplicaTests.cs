using System.Net;
using Empire.Gateway.Routing;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Empire.Gateway.Tests;

/// <summary>The gateway before two replicas of content and a lone analytics, each of which can die and live again at its address.</summary>
public sealed class ReplicatedGateway : GatewayApp
{
    public override TestClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public Replica First { get; } = new("first");
    public Replica Second { get; } = new("second");
    public Replica Lone { get; } = new("lone");

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("services:content:http:0", First.Address), new("services:content:http:1", Second.Address), new("services:analytics:http:0", Lone.Address)];

    protected override async Task<OwnRedis> RedisAsync()
    {
        foreach (var replica in (Replica[])[First, Second, Lone]) await replica.StartAsync();
        return await base.RedisAsync();
    }

    public DestinationHealthState HealthOf(string replica) =>
        Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("content", out var cluster) ? cluster.Destinations[replica].Health : throw new InvalidOperationException("There is no such cluster.");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var replica in (Replica[])[First, Second, Lone]) await replica.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A service that answers its name.</summary>
public sealed class Replica(string name) : IAsyncDisposable
{
    private WebApplication? app;
    private int port;

    public string Address => $"http://127.0.0.1:{port}";

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        app = builder.Build();
        app.MapGet("/health/ready", () => "{}");
        app.Map("/{**path}", () => name);
        await app.StartAsync();
        port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (app is not null) await app.DisposeAsync();
        app = null;
    }

    public ValueTask DisposeAsync() => new(StopAsync());
}

public sealed class ReplicaTests(ReplicatedGateway app) : IClassFixture<ReplicatedGateway>
{
    [Fact]
    public async Task A_replica_that_died_is_met_once_and_comes_back_when_it_lives_again()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        await Eventually.EqualAsync("first", () => client.GetStringAsync("/api/v1/content/pieces"));
        await Eventually.EqualAsync("second", () => client.GetStringAsync("/api/v1/content/pieces"));

        await app.Second.StopAsync();
        await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, StatusAsync);
        await AllByTheFirstAsync();

        // Its rest is over, but the probes have found it dead by then, and go on asking.
        await Eventually.EqualAsync(DestinationHealth.Unhealthy, () =>
        {
            app.Clock.Advance(Unreachable.ProbeEvery);
            return Task.FromResult(app.HealthOf("1").Active);
        });
        app.Clock.Advance(Unreachable.Rest);
        await Eventually.EqualAsync(DestinationHealth.Unknown, () => Task.FromResult(app.HealthOf("1").Passive));
        await AllByTheFirstAsync();

        await app.Second.StartAsync();
        await Eventually.EqualAsync("second", () =>
        {
            app.Clock.Advance(Unreachable.ProbeEvery);
            return client.GetStringAsync("/api/v1/content/pieces");
        });

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await client.GetAsync("/api/v1/content/pieces");
            return answer.StatusCode;
        }

        async Task AllByTheFirstAsync()
        {
            for (var i = 0; i < 60; i++) Assert.Equal("first", await client.GetStringAsync("/api/v1/content/pieces"));
        }
    }

    [Fact]
    public async Task One_that_is_alone_is_tried_whatever_became_of_the_requests_before()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        Assert.Equal("lone", await client.GetStringAsync("/api/v1/analytics/roi"));
        await app.Lone.StopAsync();
        for (var i = 0; i < 20; i++)
        {
            using var answer = await client.GetAsync("/api/v1/analytics/roi");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE"), (answer.StatusCode, await answer.CodeAsync()));
        }
        await app.Lone.StartAsync();
        Assert.Equal("lone", await client.GetStringAsync("/api/v1/analytics/roi"));   // at the next request, without a wait
    }
}
