using Grpc.Core;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;

namespace Grpc.Tests;

public sealed class RequestStreamTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_collector_that_refuses_in_the_middle_stops_its_writer()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Collect();
        var first = await Record.ExceptionAsync(() => call.RequestStream.WriteAsync(new Words { FailWith = (int)StatusCode.ResourceExhausted }));
        if (first is not null) Assert.Equal(StatusCode.ResourceExhausted, Assert.IsType<RpcException>(first).StatusCode); // the refusal may come before this write is done
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        var atWriter = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new Words()));
        Assert.Equal(StatusCode.ResourceExhausted, atWriter.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_writer_that_goes_on_regardless_learns_the_status_of_the_call()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Collect();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new Words { FailWith = (int)StatusCode.ResourceExhausted }); // the refusal may come before this write is done
            while (true) await call.RequestStream.WriteAsync(new Words { Text = new string('x', 10_000) });
        });
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task The_reader_of_a_chat_gets_the_refusal_though_the_writer_hit_it_first()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Chat();
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new Words { FailWith = (int)StatusCode.OutOfRange }); // the refusal may come before this write is done
            while (true) await call.RequestStream.WriteAsync(new Words { Text = new string('x', 10_000) });
        });
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });
        Assert.Equal(StatusCode.OutOfRange, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task Nothing_can_be_written_after_the_end()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Collect();
        await call.RequestStream.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new Words()));
        Assert.Equal(0, (await call).Times);
    }

    [Fact(Timeout = 20_000)]
    public async Task Headers_reach_the_server_before_the_first_message()
    {
        await using var server = await EchoServer.StartAsync(map: app => app.MapGrpcService<GreetingService>());
        using var call = server.Client().Chat();
        Assert.Equal("at once", (await call.ResponseHeadersAsync).GetValue("greeting"));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact(Timeout = 30_000)]
    public async Task Ten_thousand_messages_go_both_ways_at_once()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Chat();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++) await call.RequestStream.WriteAsync(new Words { Times = i });
            await call.RequestStream.CompleteAsync();
        });
        var expected = 0;
        await foreach (var words in call.ResponseStream.ReadAllAsync()) Assert.Equal(expected++, words.Times);
        Assert.Equal(10_000, expected);
        await writing;
    }

    sealed class GreetingService : Echo.EchoBase
    {
        public override async Task Chat(IAsyncStreamReader<Words> requestStream, IServerStreamWriter<Words> responseStream, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync([new Metadata.Entry("greeting", "at once")]);
            await requestStream.MoveNext();
        }
    }
}
