using System.Text.Json;

namespace Grpc.Tests;

/// <summary>Lets a grpc-js client make every kind of call to our server, once, for all tests of the class.</summary>
public sealed class NodeCaller : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    EchoServer? server;
    JsonDocument? results;

    public CallRecord Record => server!.Record;

    public async ValueTask InitializeAsync()
    {
        server = await EchoServer.StartAsync(grpc => grpc.ResponseCompressionAlgorithm = "gzip");
        using var node = await NodePrograms.StartAsync("client.js", new Uri(server.Address).Authority);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            var output = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            if (node.ExitCode != 0) throw new InvalidOperationException($"client.js ended with {node.ExitCode}: {await errors}");
            results = JsonDocument.Parse(output);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }

    public string ResultOf(string scenario) => results!.RootElement.GetProperty(scenario).GetRawText();

    public async ValueTask DisposeAsync()
    {
        results?.Dispose();
        if (server is not null) await server.DisposeAsync();
    }
}

public sealed class NodeCallsUsTests(NodeCaller node) : IClassFixture<NodeCaller>
{
    [Theory]
    [InlineData("unary", "\"from node\"")]
    [InlineData("clientStream", "\"one two three\"")]
    [InlineData("serverStream", "true")]
    [InlineData("duplex", "20")]
    [InlineData("emptyStream", "0")]
    [InlineData("gzip", "true")]
    [InlineData("large", "3500000")]
    public void A_call_succeeds(string scenario, string result) => Assert.Equal(result, node.ResultOf(scenario));

    [Theory]
    [InlineData("refusal", 9, "Zurückgewiesen: 100 % „tschüß“")]
    [InlineData("refusalAfterMessages", 10, "Zurückgewiesen: 100 % „m“")]
    public void A_refusal_has_its_detail_and_trailers(string scenario, int code, string details)
    {
        using var result = JsonDocument.Parse(node.ResultOf(scenario));
        Assert.Equal(code, result.RootElement.GetProperty("code").GetInt32());
        Assert.Equal(details, result.RootElement.GetProperty("details").GetString());
        Assert.Equal("asked for", result.RootElement.GetProperty("reason").GetString());
        Assert.Equal("0001feff", result.RootElement.GetProperty("proof").GetString());
    }

    [Theory]
    [InlineData("exception", 2)]
    [InlineData("deadline", 4)]
    [InlineData("cancelled", 1)]
    [InlineData("tooLarge", 8)]
    [InlineData("unimplemented", 12)]
    public void A_call_fails_with_the_right_status(string scenario, int code)
    {
        using var result = JsonDocument.Parse(node.ResultOf(scenario));
        Assert.Equal(code, result.RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public void Metadata_comes_back_in_headers_and_trailers()
    {
        var bytes = Convert.ToHexStringLower([.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
        Assert.Equal($"""["acme,{bytes},07","acme,{bytes},07"]""", node.ResultOf("metadata"));
    }

    [Fact(Timeout = 20_000)]
    public Task Giving_up_reaches_our_handler() => node.Record.Cancelled.Task;
}
