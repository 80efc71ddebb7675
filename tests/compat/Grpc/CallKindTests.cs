using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

public sealed class CallKindTests : IAsyncLifetime
{
    EchoServer server = null!;
    Echo.EchoClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await EchoServer.StartAsync();
        client = server.Client();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact(Timeout = 20_000)]
    public async Task A_unary_call_gets_its_answer_with_an_ok_status()
    {
        using var call = client.SayAsync(new Words { Text = "hello" });
        Assert.Equal("hello", (await call).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_blocking_unary_call_gets_its_answer() =>
        Assert.Equal("hello", await Task.Run(() => client.Say(new Words { Text = "hello" }).Text));

    [Fact(Timeout = 20_000)]
    public async Task A_client_stream_is_collected_into_one_answer()
    {
        using var call = client.Collect();
        foreach (var text in new[] { "one", "two", "three" }) await call.RequestStream.WriteAsync(new Words { Text = text });
        await call.RequestStream.CompleteAsync();
        Assert.Equal("one two three", (await call).Text);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_stream_arrives_in_order_and_ends()
    {
        using var call = client.Repeat(new Words { Text = "again", Times = 100 });
        var numbers = new List<int>();
        await foreach (var words in call.ResponseStream.ReadAllAsync()) numbers.Add(words.Times);
        Assert.Equal(Enumerable.Range(0, 100), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_stream_without_messages_just_ends()
    {
        using var call = client.Repeat(new Words { Text = "never", Times = 0 });
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task Both_sides_of_a_chat_take_turns()
    {
        using var call = client.Chat();
        for (var i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new Words { Text = $"turn {i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"turn {i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact(Timeout = 20_000)]
    public async Task A_thousand_concurrent_calls_get_their_own_answers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i => (i, (await client.SayAsync(new Words { Times = i })).Times)));
        Assert.All(answers, answer => Assert.Equal(answer.i, answer.Times));
    }
}
