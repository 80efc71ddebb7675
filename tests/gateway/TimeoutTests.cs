using System.Diagnostics;
using System.Net;
using System.Text;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Gateway.Tests;

/// <summary>A gateway that gives a service one second.</summary>
public sealed class ImpatientGateway : GatewayApp
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:RequestTimeoutSeconds", $"{(int)Patience.TotalSeconds}")];
}

/// <summary>Who waits for a service that says nothing more, and for how long; and that what goes on, however slowly, is not cut.</summary>
public sealed class TimeoutTests(ImpatientGateway app) : IClassFixture<ImpatientGateway>
{
    private static readonly Marshaller<string> Text = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
    private static readonly Method<string, string> Echo = new(MethodType.DuplexStreaming, "empire.telemetry.Telemetry", "Ingest", Text, Text);
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "never")]
    [InlineData("POST", "never")]
    [InlineData("GET", "stall")]
    public async Task A_service_that_says_nothing_is_given_up_in_time_with_504_in_the_error_form(string method, string pace)
    {
        var givenUp = app.Behind.GivenUp;
        using var client = ClientAt(pace);
        var started = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(new(method), "/api/v1/content/pieces") { Content = method == "POST" ? new StringContent("{}") : null };
        using var answer = await client.SendAsync(request, ct);
        Assert.Equal((HttpStatusCode.GatewayTimeout, "TIMEOUT"), (answer.StatusCode, await answer.CodeAsync()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.InRange(Stopwatch.GetElapsedTime(started), ImpatientGateway.Patience * 0.9, TimeSpan.FromSeconds(20));   // not after the default of a minute
        await Eventually.TrueAsync(() => app.Behind.GivenUp > givenUp);   // nor is the service left working for nobody
    }

    [Fact]
    public async Task An_answer_that_stops_halfway_is_broken_off_so_that_nobody_takes_a_part_for_the_whole()
    {
        using var client = ClientAt("stall-later");
        using var answer = await client.GetAsync("/api/v1/content/pieces", HttpCompletionOption.ResponseHeadersRead, ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(ct).WaitAsync(TimeSpan.FromSeconds(20), ct));
    }

    [Fact]
    public async Task What_comes_line_by_line_for_longer_than_that_is_read_to_its_end()
    {
        using var client = ClientAt("drip");
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync("/api/v1/content/pieces", HttpCompletionOption.ResponseHeadersRead, ct);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        Assert.Equal("data: 0", await lines.ReadLineAsync(ct));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));   // told as it comes, not kept until it is whole
        Assert.Contains("data: 11", await lines.ReadToEndAsync(ct), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) > 2 * ImpatientGateway.Patience);
    }

    [Fact]
    public async Task A_stream_of_an_agent_may_be_silent_for_longer()
    {
        using var channel = GrpcChannel.ForAddress(app.Http2);
        using var stream = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Echo, null, new(new Metadata { { "authorization", $"Bearer {app.Behind.Identity.Key()}" } }, cancellationToken: ct));
        await EchoedAsync("before");
        using var client = ClientAt("never");
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.GatewayTimeout, (await client.GetAsync("/api/v1/content/pieces", ct)).StatusCode);   // so long it is silent
        await EchoedAsync("after");

        async Task EchoedAsync(string text)
        {
            await stream.RequestStream.WriteAsync(text, ct);
            Assert.True(await stream.ResponseStream.MoveNext(ct));
            Assert.Equal(text, stream.ResponseStream.Current);
        }
    }

    private HttpClient ClientAt(string pace)
    {
        var client = app.ClientFor(app.Behind.Identity.Key());
        client.DefaultRequestHeaders.Add("X-Stub-Pace", pace);
        return client;
    }
}
