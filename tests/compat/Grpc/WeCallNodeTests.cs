using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;

namespace Grpc.Tests;

/// <summary>A grpc-js server for our client to call.</summary>
public sealed class NodeServer : IAsyncLifetime
{
    readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    Process? node;
    GrpcChannel? channel;

    public Echo.EchoClient Client => new(channel!);

    public CallInvoker Invoker => channel!.CreateCallInvoker();

    public async ValueTask InitializeAsync()
    {
        node = await NodePrograms.StartAsync("server.js");
        node.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text) lines.Writer.TryWrite(text);
            else lines.Writer.TryComplete();
        };
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        var port = (await WaitForAsync("listening"))["listening ".Length..];
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new() { MaxReceiveMessageSize = null });
    }

    /// <summary>The next line that the server prints and that begins so.</summary>
    public async Task<string> WaitForAsync(string beginning)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var line in lines.Reader.ReadAllAsync(limit.Token))
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"server.js ended before it printed '{beginning}'.");
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        if (node is null) return;
        if (!node.HasExited) node.Kill(entireProcessTree: true);
        await node.WaitForExitAsync();
        node.Dispose();
    }
}

public sealed class WeCallNodeTests(NodeServer node) : IClassFixture<NodeServer>
{
    readonly Echo.EchoClient client = node.Client;

    static DateTime In(TimeSpan time) => TimeProvider.System.GetUtcNow().UtcDateTime + time;

    [Fact(Timeout = 60_000)]
    public async Task A_unary_call_succeeds() => Assert.Equal("to node", (await client.SayAsync(new Words { Text = "to node" })).Text);

    [Fact(Timeout = 60_000)]
    public async Task A_client_stream_succeeds()
    {
        using var call = client.Collect();
        foreach (var text in new[] { "one", "two", "three" }) await call.RequestStream.WriteAsync(new Words { Text = text });
        await call.RequestStream.CompleteAsync();
        Assert.Equal("one two three", (await call).Text);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(500)]
    public async Task A_server_stream_succeeds(int times)
    {
        using var call = client.Repeat(new Words { Text = "again", Times = times });
        var numbers = new List<int>();
        await foreach (var words in call.ResponseStream.ReadAllAsync()) numbers.Add(words.Times);
        Assert.Equal(Enumerable.Range(0, times), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chat_takes_turns()
    {
        using var call = client.Chat();
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new Words { Text = $"turn {i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"turn {i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refusal_has_its_detail_and_trailers()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Words { Text = "tschüß", FailWith = 9 }));
        AssertRefusal(failure, StatusCode.FailedPrecondition, "tschüß");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refusal_after_messages_has_its_detail_and_trailers()
    {
        using var call = client.Repeat(new Words { Text = "m", Times = 3, FailWith = 10 });
        for (var i = 0; i < 3; i++) Assert.True(await call.ResponseStream.MoveNext());
        AssertRefusal(await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext()), StatusCode.Aborted, "m");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refusal_in_the_middle_of_requests_arrives()
    {
        using var call = client.Collect();
        await call.RequestStream.WriteAsync(new Words { Text = "stop", FailWith = 9 });
        AssertRefusal(await Assert.ThrowsAsync<RpcException>(async () => await call), StatusCode.FailedPrecondition, "stop");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deadline_holds_on_both_sides()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.SayAsync(new Words { Hang = true }, deadline: In(TimeSpan.FromMilliseconds(500))));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal("hanging until a deadline", await node.WaitForAsync("hanging"));
        await node.WaitForAsync("cancelled");
    }

    [Fact(Timeout = 60_000)]
    public async Task Giving_up_reaches_the_server()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = client.Chat(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(new Words { Hang = true });
        Assert.Equal("hanging forever", await node.WaitForAsync("hanging"));
        await cancellation.CancelAsync();
        await node.WaitForAsync("cancelled");
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Metadata_comes_back_in_headers_and_trailers()
    {
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        using var call = client.SayAsync(new Words(), new Metadata { { "x-tenant", "acme" }, { "x-all-bin", bytes }, { "x-all-bin", [7] } });
        var headers = await call.ResponseHeadersAsync;
        await call;
        foreach (var received in new[] { headers, call.GetTrailers() })
        {
            Assert.Equal("acme", received.GetValue("x-tenant"));
            Assert.Equal([bytes, [7]], received.GetAll("x-all-bin").Select(entry => entry.ValueBytes));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compressed_requests_are_understood(string encoding)
    {
        var words = new Words { Text = new string('z', 100_000) };
        Assert.Equal(words, await client.SayAsync(words, new Metadata { { "grpc-internal-encoding-request", encoding } }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Twenty_megabytes_go_there_and_back()
    {
        var words = new Words { Blob = ByteString.CopyFrom(new byte[20_000_000]) };
        Assert.Equal(words.Blob.Length, (await client.SayAsync(words)).Blob.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_method_that_is_not_there_is_unimplemented()
    {
        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        var unknown = new Method<byte[], byte[]>(MethodType.Unary, "grpc.tests.v1.Echo", "Whisper", bytes, bytes);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await node.Invoker.AsyncUnaryCall(unknown, host: null, default, []));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    static void AssertRefusal(RpcException failure, StatusCode code, string text)
    {
        Assert.Equal(code, failure.StatusCode);
        Assert.Equal($"Zurückgewiesen: 100 % „{text}“", failure.Status.Detail);
        Assert.Equal("asked for", failure.Trailers.GetValue("x-reason"));
        Assert.Equal([0, 1, 254, 255], failure.Trailers.GetValueBytes("x-proof-bin"));
    }
}
