using System.Net;
using System.Net.Sockets;
using System.Text;
using Empire.Gateway.Routing;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;
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

    /// <summary>Whatever was found of the replicas is forgotten: the next request may meet any of them.</summary>
    public void Forget()
    {
        if (!Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("content", out var cluster)) throw new InvalidOperationException("There is no such cluster.");
        foreach (var replica in cluster.Destinations.Values) replica.Health.Active = replica.Health.Passive = DestinationHealth.Unknown;
        Services.GetRequiredService<IClusterDestinationsUpdater>().UpdateAvailableDestinations(cluster);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var replica in (Replica[])[First, Second, Lone]) await replica.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A service that answers its name, and after it what it was sent.</summary>
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
        app.Map("/{**path}", async (HttpContext context) =>
        {
            using var body = new StreamReader(context.Request.Body);
            return name + await body.ReadToEndAsync();
        });
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
    private static readonly string[] Methods = ["GET", "POST", "DELETE", "PUT"];

    [Fact]
    public async Task A_replica_that_died_is_left_out_and_comes_back_when_it_lives_again()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        await Eventually.EqualAsync("first", () => client.GetStringAsync("/api/v1/content/pieces"));
        await Eventually.EqualAsync("second", () => client.GetStringAsync("/api/v1/content/pieces"));

        await app.Second.StopAsync();
        await AllByTheFirstAsync();
        Assert.Equal(DestinationHealth.Unhealthy, app.HealthOf("1").Passive);

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

        async Task AllByTheFirstAsync()
        {
            for (var i = 0; i < 60; i++) Assert.Equal("first", await client.GetStringAsync("/api/v1/content/pieces"));
        }
    }

    [Fact]
    public async Task A_request_that_a_dead_replica_could_not_be_given_is_another_one_s_whatever_its_method_and_its_body_is_whole()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        await app.Second.StopAsync();
        var met = 0;
        try
        {
            for (var i = 0; i < 200; i++)
            {
                app.Forget();
                using var request = new HttpRequestMessage(new(Methods[i % 4]), "/api/v1/content/pieces");
                var body = i % 4 is 1 or 3 ? string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{i}.{n} ")) : "";
                if (body.Length > 0) request.Content = new Streamed(body);
                using var answer = await client.SendAsync(request);
                Assert.Equal((HttpStatusCode.OK, "first" + body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
                if (app.HealthOf("1").Passive is DestinationHealth.Unhealthy) met++;
            }
            Assert.InRange(met, 20, 200);   // half of them had begun with the dead one
        }
        finally
        {
            await app.Second.StartAsync();
            app.Forget();
        }
    }

    [Fact]
    public async Task One_that_takes_no_connection_is_given_up_in_time_for_the_other_to_answer()
    {
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen(0);
        using var crowd = new Crowd();
        await crowd.FillAsync((IPEndPoint)silent.LocalEndPoint!);
        await using var gateway = new TwoReplicas($"http://{silent.LocalEndPoint}");
        await gateway.InitializeAsync();
        using var client = gateway.ClientFor(StubServices.MemberKey);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await client.PostAsync("/api/v1/content/pieces", new Streamed($"number {i}"));
            Assert.Equal((HttpStatusCode.OK, $"livingnumber {i}"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
    }

    /// <summary>A replica that dies over a request may have done what it says.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 0\r\n")]
    [InlineData("Content-Length: 4\r\n")]
    public async Task What_was_sent_to_a_replica_that_then_died_is_not_sent_to_another(string length)
    {
        using var dying = new TcpListener(IPAddress.Loopback, 0);
        dying.Start();
        await using var gateway = new TwoReplicas($"http://{dying.LocalEndpoint}");
        await gateway.InitializeAsync();
        var heard = HearAsync(dying);
        using var client = gateway.ClientFor(StubServices.MemberKey);
        await Eventually.EqualAsync("dying", () => client.GetStringAsync("/api/v1/content/pieces"));   // a connection is open, and kept
        string answer;
        do
        {
            using var raw = new TcpClient();
            await raw.ConnectAsync(IPAddress.Loopback, gateway.Http.Port);
            await using var stream = raw.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/content/pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {StubServices.MemberKey}\r\n{length}\r\n{(length.Contains('4', StringComparison.Ordinal) ? "body" : "")}"));
            using var reader = new StreamReader(stream);
            answer = await reader.ReadToEndAsync();
        }
        while (!heard.IsCompleted && answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));   // the other one's turn
        Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
        await heard;
    }

    /// <summary>Answers what is read, and dies over the first change it is asked for.</summary>
    private static async Task HearAsync(TcpListener listener)
    {
        var asked = new TaskCompletionSource();
        _ = AcceptAsync();
        await asked.Task;

        async Task AcceptAsync()
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }

        async Task ServeAsync(TcpClient client)
        {
            using var _ = client;
            var (buffer, text) = (new byte[4096], "");
            while (await client.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                text += Encoding.ASCII.GetString(buffer, 0, read);
                if (text.StartsWith("POST", StringComparison.Ordinal) && text.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    listener.Stop();
                    asked.TrySetResult();
                    return;
                }
                if (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal)) continue;
                text = "";
                await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\ndying"u8.ToArray());
            }
        }
    }

    /// <summary>One replica of a test's own, and one that is well.</summary>
    private sealed class TwoReplicas(string address) : GatewayApp
    {
        public Replica Living { get; } = new("living");

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("services:content:http:0", Living.Address), new("services:content:http:1", address)];

        protected override async Task<OwnRedis> RedisAsync()
        {
            await Living.StartAsync();
            return await base.RedisAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Living.DisposeAsync();
        }
    }

    /// <summary>Connections that nobody accepts, as many as a listener holds: the next one is not answered.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly List<Socket> sockets = [];

        public async Task FillAsync(IPEndPoint address)
        {
            while (sockets.Count < 50)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                try
                {
                    await socket.ConnectAsync(address, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            throw new InvalidOperationException("The listener takes any number.");
        }

        public void Dispose() => sockets.ForEach(socket => socket.Dispose());
    }

    /// <summary>Of a length that nobody knows before its end.</summary>
    private sealed class Streamed(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var part in text.Chunk(1000)) await stream.WriteAsync(Encoding.UTF8.GetBytes(part));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
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
