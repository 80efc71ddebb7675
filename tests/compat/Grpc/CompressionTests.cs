using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

public sealed class CompressionTests
{
    static readonly Metadata GzipRequest = new() { { "grpc-internal-encoding-request", "gzip" } };

    [Fact(Timeout = 20_000)]
    public async Task A_server_compresses_for_a_caller_that_accepts_it()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.ResponseCompressionAlgorithm = "gzip");
        using var raw = new RawCall(server.Address);
        raw.Request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity, gzip");
        var answer = await raw.SendAsync(RawCall.Framed(new Words { Text = new string('a', 5000) }));
        Assert.Equal("0", answer.Status);
        Assert.Equal("gzip", answer.Encoding);
        Assert.True(answer.IsCompressed);
        Assert.InRange(answer.Body.Length, 20, 200);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_does_not_compress_for_a_caller_that_does_not_accept_it()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.ResponseCompressionAlgorithm = "gzip");
        using var raw = new RawCall(server.Address);
        var answer = await raw.SendAsync(RawCall.Framed(new Words { Text = new string('a', 5000) }));
        Assert.Null(answer.Encoding);
        Assert.False(answer.IsCompressed);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Both_directions_compressed_give_the_same_words(string encoding)
    {
        await using var server = await EchoServer.StartAsync(grpc =>
        {
            grpc.ResponseCompressionAlgorithm = encoding;
            grpc.ResponseCompressionLevel = CompressionLevel.SmallestSize;
        });
        var headers = new Metadata { { "grpc-internal-encoding-request", encoding } };
        var words = new Words { Text = new string('b', 100_000), Blob = ByteString.CopyFrom(new byte[50_000]) };
        Assert.Equal(words, await server.Client().SayAsync(words, headers));

        using var call = server.Client().Chat(headers);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(words);
        call.RequestStream.WriteOptions = null;
        await call.RequestStream.WriteAsync(words);
        await call.RequestStream.CompleteAsync();
        var answers = await call.ResponseStream.ReadAllAsync().CountAsync(answer => answer.Equals(words));
        Assert.Equal(2, answers);
    }

    [Fact(Timeout = 20_000)]
    public async Task An_unknown_compression_is_unimplemented_and_the_known_ones_are_named()
    {
        await using var server = await EchoServer.StartAsync();
        using var raw = new RawCall(server.Address);
        raw.Request.Headers.TryAddWithoutValidation("grpc-encoding", "zstd");
        var answer = await raw.SendAsync(RawCall.Framed([1, 2, 3], isCompressed: true));
        Assert.Equal("12", answer.Status);
        Assert.Equal("identity,gzip,deflate", answer.AcceptEncoding);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_compressed_message_without_named_compression_is_broken()
    {
        await using var server = await EchoServer.StartAsync();
        using var raw = new RawCall(server.Address);
        Assert.Equal("13", (await raw.SendAsync(RawCall.Framed([1, 2, 3], isCompressed: true))).Status);
    }

    [Fact(Timeout = 20_000)]
    public async Task Garbage_that_claims_to_be_gzip_is_broken()
    {
        await using var server = await EchoServer.StartAsync();
        using var raw = new RawCall(server.Address);
        raw.Request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        Assert.Equal("13", (await raw.SendAsync(RawCall.Framed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], isCompressed: true))).Status);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_small_message_that_unpacks_to_more_than_the_limit_is_refused()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.MaxReceiveMessageSize = 100_000);
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Client().SayAsync(new Words { Text = new string('z', 1_000_000) }, GzipRequest));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_channel_does_not_compress_in_a_way_it_does_not_know()
    {
        await using var server = await EchoServer.StartAsync();
        var headers = new Metadata { { "grpc-internal-encoding-request", "zstd" } };
        Assert.Throws<InvalidOperationException>(() => { _ = server.Client().SayAsync(new Words(), headers); });
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_that_should_compress_in_an_unknown_way_does_not_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => EchoServer.StartAsync(grpc => grpc.ResponseCompressionAlgorithm = "zstd"));
}
