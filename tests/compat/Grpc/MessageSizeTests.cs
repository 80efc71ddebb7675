using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

public sealed class MessageSizeTests
{
    static Words Of(int bytes) => new() { Blob = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(bytes)) };

    [Fact(Timeout = 20_000)]
    public async Task More_than_four_mebibytes_is_refused_by_default()
    {
        await using var server = await EchoServer.StartAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(Of(4 * 1024 * 1024)));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_response_over_the_callers_limit_is_refused()
    {
        await using var server = await EchoServer.StartAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Client(new() { MaxReceiveMessageSize = 1000 }).SayAsync(Of(2000)));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_request_over_the_callers_limit_is_not_sent()
    {
        await using var server = await EchoServer.StartAsync();
        var client = server.Client(new() { MaxSendMessageSize = 1000 });
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(Of(2000)));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        using var call = client.Collect();
        var inStream = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(Of(2000)));
        Assert.Equal(StatusCode.ResourceExhausted, inStream.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_response_over_the_servers_limit_is_not_sent()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.MaxSendMessageSize = 1000);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(Of(2000)));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_limits_forty_megabytes_go_there_and_back()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.MaxReceiveMessageSize = null);
        var words = Of(40_000_000); // over Kestrel's own limit of 30,000,000 as well
        var answer = await server.Client(new() { MaxReceiveMessageSize = null }).SayAsync(words);
        Assert.Equal(words.Blob, answer.Blob);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(new byte[] { 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13")]
    [InlineData(new byte[] { }, "13")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 }, "13")]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, "8")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "0")]
    public async Task A_unary_body_is_one_whole_message_or_refused(byte[] body, string status)
    {
        await using var server = await EchoServer.StartAsync();
        using var raw = new RawCall(server.Address);
        Assert.Equal(status, (await raw.SendAsync(body)).Status);
    }
}
