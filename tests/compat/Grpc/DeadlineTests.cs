using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

public sealed class DeadlineTests
{
    static DateTime In(TimeSpan time) => TimeProvider.System.GetUtcNow().UtcDateTime + time;

    [Fact(Timeout = 20_000)]
    public async Task A_late_call_fails_and_its_handler_is_cancelled()
    {
        await using var server = await EchoServer.StartAsync();
        var client = server.Client();
        await client.SayAsync(new Words()); // connected: the next call reaches its handler before it is over
        var deadline = In(TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Words { Hang = true }, deadline: deadline));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await server.Record.Cancelled.Task;
        Assert.Equal(deadline, server.Record.Deadline, TimeSpan.FromSeconds(10));
    }

    [Fact(Timeout = 20_000)]
    public async Task The_server_gives_up_by_itself_when_its_caller_does_not()
    {
        await using var server = await EchoServer.StartAsync();
        using var raw = new RawCall(server.Address);
        raw.Request.Headers.TryAddWithoutValidation("grpc-timeout", "100m");
        var answer = await raw.SendAsync(RawCall.Framed(new Words { Hang = true }));
        Assert.Equal("4", answer.Status);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_call_without_deadline_has_the_end_of_time()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().SayAsync(new Words { Hang = true });
        await server.Record.Hanging.Task;
        Assert.Equal(DateTime.MaxValue, server.Record.Deadline);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_deadline_in_the_past_fails_at_once()
    {
        await using var server = await EchoServer.StartAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Client().SayAsync(new Words { Hang = true }, deadline: In(TimeSpan.FromSeconds(-1))));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(server.Record.Hanging.Task.IsCompleted);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_local_time_is_refused()
    {
        await using var server = await EchoServer.StartAsync();
        Assert.Throws<InvalidOperationException>(() => { _ = server.Client().SayAsync(new Words(), deadline: new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Local)); });
    }

    [Fact(Timeout = 20_000)]
    public async Task A_stream_ends_at_its_deadline()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Repeat(new Words { Times = 2, Hang = true }, deadline: In(TimeSpan.FromSeconds(2)));
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }
}
