using System.Security.Cryptography;
using System.Text;
using Empire.Gateway.Authentication;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using StackExchange.Redis;

namespace Empire.Gateway.Tests;

/// <summary>A gateway whose clock the test moves.</summary>
public sealed class SlowGateway : GatewayApp
{
    public override TestClock Clock { get; } = new();
}

/// <summary>Streams through the gateway to a service that echoes, and what becomes of them when their key's rights end.</summary>
public sealed class OpenStreamTests(SlowGateway app) : IClassFixture<SlowGateway>, IDisposable
{
    private static readonly Marshaller<string> Text = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
    private static readonly Method<string, string> Echo = new(MethodType.DuplexStreaming, "empire.telemetry.Telemetry", "Ingest", Text, Text);
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(app.Http2);

    public void Dispose() => channel.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_ends_unauthenticated_as_soon_as_identity_says_that_its_key_is_revoked(bool wholeTenant)
    {
        var key = app.Behind.Identity.Key();
        using var stream = Open(key);
        using var other = Open(app.Behind.Identity.Key());
        await EchoedAsync(stream, "before");
        await EchoedAsync(other, "before");
        var tenant = app.Behind.Identity.Of(key).TenantId;
        app.Behind.Identity.Forget(key);
        await EchoedAsync(stream, "nobody has said so yet");
        var ended = EndOfAsync(stream);
        await SayAsync(wholeTenant ? $"tenant:{tenant}" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
        var status = await ended.WaitAsync(TimeSpan.FromSeconds(20), ct); // well before anybody would have asked again
        Assert.Equal((StatusCode.Unauthenticated, "The key is no longer valid."), (status.StatusCode, status.Detail));
        await Assert.ThrowsAnyAsync<Exception>(() => stream.RequestStream.WriteAsync("too late", ct));
        await EchoedAsync(other, "another's stream goes on");
    }

    [Fact]
    public async Task A_closed_account_ends_its_streams_too()
    {
        var key = app.Behind.Identity.Key();
        using var stream = Open(key);
        await EchoedAsync(stream, "before");
        app.Behind.Identity.Close(key);
        var ended = EndOfAsync(stream);
        await SayAsync($"tenant:{app.Behind.Identity.Of(key).TenantId}");
        var status = await ended.WaitAsync(TimeSpan.FromSeconds(20), ct);
        Assert.Equal((StatusCode.Unauthenticated, "The account is closed."), (status.StatusCode, status.Detail));
    }

    [Fact]
    public async Task Where_nobody_says_so_it_is_noticed_by_asking_again()
    {
        var key = app.Behind.Identity.Key(with: reply => reply.CacheSeconds = 0);
        using var stream = Open(key);
        await EchoedAsync(stream, "before");
        var asked = app.Behind.Identity.Asked;
        app.Clock.Advance(OpenStreams.LookEvery);
        await Eventually.TrueAsync(() => app.Behind.Identity.Asked > asked); // else it may look when the key is forgotten, and be cut off by the next step of the clock
        await EchoedAsync(stream, "asked, and well");
        app.Behind.Identity.Forget(key);
        var ended = EndOfAsync(stream);
        app.Clock.Advance(OpenStreams.LookEvery);
        Assert.Equal(StatusCode.Unauthenticated, (await ended.WaitAsync(TimeSpan.FromSeconds(10), ct)).StatusCode);
    }

    [Fact]
    public async Task Who_becomes_another_caller_is_asked_to_come_again()
    {
        var key = app.Behind.Identity.Key("free");
        using var stream = Open(key);
        await EchoedAsync(stream, "as a free account");
        var before = app.Behind.Identity.Of(key);
        app.Behind.Identity.Know(key, new(before) { Tier = "enterprise" });
        var ended = EndOfAsync(stream);
        await SayAsync($"tenant:{before.TenantId}");
        Assert.Equal(StatusCode.Unavailable, (await ended.WaitAsync(TimeSpan.FromSeconds(10), ct)).StatusCode);
        using var again = Open(key);
        await EchoedAsync(again, "as an enterprise");
    }

    [Fact]
    public async Task A_key_for_telemetry_alone_opens_a_stream_that_goes_on_and_one_for_something_else_does_not()
    {
        using var agent = Open(KeyFor("telemetry:write"));
        await EchoedAsync(agent, "before");
        var asked = app.Behind.Identity.Asked;
        app.Clock.Advance(OpenStreams.LookEvery);
        await Eventually.TrueAsync(() => app.Behind.Identity.Asked > asked);
        await EchoedAsync(agent, "asked, and well");
        using var other = Open(KeyFor("content:write"));
        Assert.Equal(StatusCode.PermissionDenied, (await EndOfAsync(other)).StatusCode);

        string KeyFor(string scope) => app.Behind.Identity.Key(with: reply =>
        {
            reply.CacheSeconds = 0;
            reply.Scopes.Add(scope);
        });
    }

    private AsyncDuplexStreamingCall<string, string> Open(string key) => channel.CreateCallInvoker().AsyncDuplexStreamingCall(Echo, null,
        new(new Metadata { { "authorization", $"Bearer {key}" }, { "x-forwarded-for", GatewayApp.NewAddress() } }, cancellationToken: ct));

    private async Task EchoedAsync(AsyncDuplexStreamingCall<string, string> stream, string text)
    {
        await stream.RequestStream.WriteAsync(text, ct);
        Assert.True(await stream.ResponseStream.MoveNext(ct));
        Assert.Equal(text, stream.ResponseStream.Current);
    }

    private async Task<Status> EndOfAsync(AsyncDuplexStreamingCall<string, string> stream) => (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(ct))).Status;

    private async Task SayAsync(string message)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(app.Redis.Address);
        Assert.True(await redis.GetSubscriber().PublishAsync("identity:revoked", message) > 0);
    }
}
