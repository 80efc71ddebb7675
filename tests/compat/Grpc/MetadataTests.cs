using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

public sealed class MetadataTests
{
    [Fact(Timeout = 20_000)]
    public async Task Text_and_bytes_go_there_and_back_in_headers_and_trailers()
    {
        await using var server = await EchoServer.StartAsync();
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var sent = new Metadata { { "X-Tenant", "acme" }, { "x-twice-bin", [1] }, { "x-twice-bin", [2] }, { "x-all-bin", bytes }, { "x-none-bin", [] } };
        using var call = server.Client().SayAsync(new Words(), sent);
        var headers = await call.ResponseHeadersAsync;
        await call;
        foreach (var received in new[] { headers, call.GetTrailers() })
        {
            Assert.Equal("acme", received.GetValue("x-tenant"));
            Assert.Equal([[1], [2]], received.GetAll("x-twice-bin").Select(entry => entry.ValueBytes));
            Assert.Equal(bytes, received.GetValueBytes("x-all-bin"));
            Assert.Equal([], received.GetValueBytes("x-none-bin")!);
        }
    }

    [Fact]
    public void Text_under_a_binary_key_is_refused_and_the_other_way_round()
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "proof-bin", "text" } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "proof", [1] } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "with blank", "text" } });
    }

    [Fact]
    public void The_empty_metadata_cannot_be_changed() => Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));

    [Fact(Timeout = 20_000)]
    public async Task Status_and_trailers_are_asked_too_early()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Chat();
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }
}
