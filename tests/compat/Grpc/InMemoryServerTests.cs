using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests;

/// <summary>Tests of services may run them without a socket: server and client work over ASP.NET Core's in-memory server too.</summary>
public sealed class InMemoryServerTests : IAsyncLifetime
{
    WebApplication app = null!;
    GrpcChannel channel = null!;
    Echo.EchoClient client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<CallRecord>();
        builder.Services.AddGrpc();
        app = builder.Build();
        app.MapGrpcService<EchoService>();
        await app.StartAsync();
        channel = GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = app.GetTestServer().CreateHandler() });
        client = new(channel);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await app.DisposeAsync();
    }

    [Fact(Timeout = 20_000)]
    public async Task A_unary_call_succeeds() => Assert.Equal("hello", (await client.SayAsync(new Words { Text = "hello" })).Text);

    [Fact(Timeout = 20_000)]
    public async Task A_refusal_arrives()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Words { FailWith = (int)StatusCode.NotFound }));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Equal("asked for", failure.Trailers.GetValue("x-reason"));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_client_stream_succeeds()
    {
        using var call = client.Collect();
        await call.RequestStream.WriteAsync(new Words { Text = "one" });
        await call.RequestStream.WriteAsync(new Words { Text = "two" });
        await call.RequestStream.CompleteAsync();
        Assert.Equal("one two", (await call).Text);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_stream_succeeds()
    {
        using var call = client.Repeat(new Words { Text = "again", Times = 10 });
        Assert.Equal(10, await call.ResponseStream.ReadAllAsync().CountAsync());
    }

    [Fact(Timeout = 20_000)]
    public async Task A_chat_takes_turns()
    {
        using var call = client.Chat();
        for (var i = 0; i < 5; i++)
        {
            await call.RequestStream.WriteAsync(new Words { Times = i });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i, call.ResponseStream.Current.Times);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact(Timeout = 20_000)]
    public async Task A_late_call_fails()
    {
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Words { Hang = true }, deadline: deadline));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }
}
