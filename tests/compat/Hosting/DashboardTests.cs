using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Tests;

public sealed partial class DashboardTests : IAsyncLifetime
{
    private readonly TestApplication _app;
    private readonly HttpClient _page;

    public DashboardTests()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        _app = new(null, ("LocalOrchestrator:DashboardPort", $"{port}"), ("LocalOrchestrator:Title", "Shop & <Co>"));
        _page = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
    }

    [Fact]
    public async Task The_page_shows_each_resource_with_its_health_and_address_and_what_it_wrote()
    {
        await _app.PostAsync("worker", "/say", "<script>alert(1)</script>");
        await TestApplication.UntilAsync(() => _app.Log("worker").Contains("alert"), "the line is written");
        var html = await _page.GetStringAsync("/?log=worker");
        Assert.Contains("Shop &amp; &lt;Co&gt;", html);
        Assert.Contains("<b class=\"good\">1 of 1</b> healthy", html);
        Assert.Contains(_app.Now("worker")!.Address!, html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html);
        Assert.DoesNotContain("<script>alert", html);
    }

    [Fact]
    public async Task The_restart_button_restarts_and_the_stop_button_stops()
    {
        var before = _app.Now("worker")!.ProcessId;
        Assert.Equal(HttpStatusCode.NoContent, (await PressAsync("restart")).StatusCode);
        await _app.ReachAsync("worker", s => s.IsHealthy && s.ProcessId != before);
        Assert.Equal(0, _app.Now("worker")!.Restarts); // the operator's, not a crash

        Assert.Equal(HttpStatusCode.NoContent, (await PressAsync("stop")).StatusCode);
        Assert.Equal(KnownResourceStates.Exited, _app.Now("worker")!.State);
        Assert.Contains("data-command=\"start\"", await _page.GetStringAsync("/"));
        await PressAsync("start");
        await _app.HealthyAsync("worker");
    }

    [Theory]
    [InlineData("X-Token", "")]
    [InlineData("X-Token", "0123456789abcdef0123456789abcdef")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    public async Task A_button_pressed_by_another_site_does_nothing(string header, string value)
    {
        var before = _app.Now("worker")!.ProcessId;
        var answer = await PressAsync("stop", header, value);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(before, _app.Now("worker")!.ProcessId);
    }

    [Fact]
    public async Task A_page_asked_for_under_a_foreign_name_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await _page.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Lines_and_changes_are_streamed_as_they_happen()
    {
        await using var lines = await _page.GetStreamAsync("/resources/worker/log?after=0");
        using var reader = new StreamReader(lines);
        Assert.Contains("worker is here", await NextAsync(reader));
        await _app.PostAsync("worker", "/say", """{"level":"Error","category":"Shop.Orders","message":"out of stock"}""");
        var line = await NextAsync(reader);
        Assert.Contains("\"level\":\"error\"", line);
        Assert.Contains("Orders: out of stock", line);

        await using var changes = await _page.GetStreamAsync("/events");
        using var events = new StreamReader(changes);
        Assert.Contains("\"name\":\"worker\"", await NextAsync(events));
    }

    public async ValueTask InitializeAsync()
    {
        _app.AddWorker("worker");
        await _app.StartAsync();
        await _app.HealthyAsync("worker");
    }

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<HttpResponseMessage> PressAsync(string command, string? header = null, string? value = null)
    {
        var token = Token().Match(await _page.GetStringAsync("/")).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/resources/worker/{command}");
        request.Headers.Add("X-Token", token);
        if (header is not null)
        {
            request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, value);
        }
        return await _page.SendAsync(request);
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
            if (await reader.ReadLineAsync(patience.Token) is { Length: > 0 } line) return line;
    }

    [GeneratedRegex("data-token=\"([0-9a-f]+)\"")]
    private static partial Regex Token();
}
