using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

public sealed class CancellationTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_cancelled_call_reaches_its_handler()
    {
        await using var server = await EchoServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var answer = server.Client().SayAsync(new Words { Hang = true }, cancellationToken: cancellation.Token);
        await server.Record.Hanging.Task;
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await answer);
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await server.Record.Cancelled.Task;
    }

    [Fact(Timeout = 20_000)]
    public async Task Disposing_a_call_cancels_it()
    {
        await using var server = await EchoServer.StartAsync();
        var call = server.Client().Chat();
        await call.RequestStream.WriteAsync(new Words { Hang = true });
        await server.Record.Hanging.Task;
        call.Dispose();
        await server.Record.Cancelled.Task;
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new Words()));
    }

    [Fact(Timeout = 20_000)]
    public async Task Cancelling_a_read_cancels_the_call()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Repeat(new Words { Times = 1, Hang = true });
        Assert.True(await call.ResponseStream.MoveNext());
        await server.Record.Hanging.Task;
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(cancellation.Token));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await server.Record.Cancelled.Task;
    }

    [Fact(Timeout = 20_000)]
    public async Task A_channel_can_throw_the_exception_of_the_framework_instead()
    {
        await using var server = await EchoServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var answer = server.Client(new() { ThrowOperationCanceledOnCancellation = true })
            .SayAsync(new Words { Hang = true }, cancellationToken: cancellation.Token);
        await server.Record.Hanging.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await answer);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_call_on_a_disposed_channel_is_refused()
    {
        await using var server = await EchoServer.StartAsync();
        var channel = server.Channel();
        var client = new Echo.EchoClient(channel);
        channel.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = client.SayAsync(new Words()); });
    }

    [Fact(Timeout = 20_000)]
    public async Task A_disposed_finished_call_keeps_its_status()
    {
        await using var server = await EchoServer.StartAsync();
        var call = server.Client().SayAsync(new Words());
        await call;
        call.Dispose();
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }
}
