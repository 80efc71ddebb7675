using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Empire.AppHost.Tests;

/// <summary><c>./empire cycle</c> against a gateway that answers as the test says.</summary>
public sealed class CycleVerbTests : IDisposable
{
    private const string Running = """{"state": "running", "error": null, "steps": []}""";
    private const string Completed = """{"state": "completed", "error": null, "steps": [], "summary": {"pieces_generated": 3, "pieces_published": 2, "cost": 0.25, "currency": "USD"}}""";
    private readonly AppHostProgram _program = new();

    [Fact]
    public async Task Following_a_cycle_outlives_answers_that_fail_and_lines_that_break()
    {
        await using var gateway = await Gateway.StartAsync("503", Running, "cut", "502", "cut", Running, "504", Completed);
        At(gateway);
        var (code, output, error) = await _program.RunAsync("cycle", "--wait");
        Assert.True(code == 0, error);
        Assert.EndsWith("Completed: 3 pieces made, 2 published, cost 0.25 USD", output.Trim(), StringComparison.Ordinal); // up shows the last line
        Assert.Equal("", error);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_is_repeated_under_its_key()
    {
        await using var gateway = await Gateway.StartAsync(Completed);
        gateway.Starts.Enqueue("503");
        gateway.Starts.Enqueue("cut");
        At(gateway);
        var (code, _, error) = await _program.RunAsync("cycle", "--wait");
        Assert.True(code == 0, error);
        Assert.Equal(3, gateway.Keys.Count);
        Assert.Single(gateway.Keys.Distinct());
    }

    [Fact]
    public async Task An_installation_that_does_not_run_is_told_at_once()
    {
        _program["EMPIRE_PORT"] = "9";
        _program["EMPIRE_OWNER_API_KEY"] = "gopt_test";
        var (code, _, error) = await _program.RunAsync("cycle");
        Assert.Equal(1, code);
        Assert.Contains("is Empire running?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cycle: --feed needs a file; see ./empire help cycle.", "cycle", "--feed")]
    [InlineData("cycle: --feed needs a file; see ./empire help cycle.", "cycle", "--feed", "--wait")]
    [InlineData("cycle does not know '--wiat'; see ./empire help cycle.", "cycle", "--wiat")]
    [InlineData("cycle does not know 'products.csv'; see ./empire help cycle.", "cycle", "products.csv")]
    [InlineData("status does not know '--jsno'; see ./empire help status.", "status", "--jsno")]
    [InlineData("doctor does not know '--all'; see ./empire help doctor.", "doctor", "--all")]
    public async Task A_word_that_is_not_known_starts_nothing(string says, params string[] words)
    {
        await using var gateway = await Gateway.StartAsync();
        At(gateway);
        var (code, _, error) = await _program.RunAsync(words);
        Assert.Equal((1, says), (code, error.Trim()));
        Assert.Empty(gateway.Keys);
    }

    public void Dispose() => _program.Dispose();

    private void At(Gateway gateway)
    {
        _program["EMPIRE_PORT"] = $"{gateway.Port}";
        _program["EMPIRE_OWNER_API_KEY"] = "gopt_test";
    }

    private sealed class Gateway(WebApplication app, ConcurrentQueue<string> reads) : IAsyncDisposable
    {
        public int Port => new Uri(app.Urls.Single()).Port;

        /// <summary>Answers to the next starts; then they succeed.</summary>
        public ConcurrentQueue<string> Starts { get; } = new();

        /// <summary>The idempotency keys of all starts.</summary>
        public ConcurrentQueue<string> Keys { get; } = new();

        /// <param name="reads">Answers to looks at the cycle, in order: a body, a status, or <c>cut</c>.</param>
        public static async Task<Gateway> StartAsync(params string[] reads)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var gateway = new Gateway(builder.Build(), new(reads));
            await gateway.ServeAsync();
            return gateway;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task ServeAsync()
        {
            app.MapPost("/api/v1/autopilot/cycles", http =>
            {
                Keys.Enqueue(http.Request.Headers["Idempotency-Key"].ToString());
                return AnswerAsync(http, Starts.TryDequeue(out var scripted) ? scripted : """{"cycle_id": "cyc_1", "source": "networks"}""");
            });
            app.MapGet("/api/v1/autopilot/cycles/cyc_1", http => AnswerAsync(http, reads.TryDequeue(out var scripted) ? scripted : "500"));
            return app.StartAsync();
        }

        private static Task AnswerAsync(HttpContext http, string answer)
        {
            if (answer == "cut")
            {
                http.Abort();
                return Task.CompletedTask;
            }
            var status = int.TryParse(answer, out var code);
            http.Response.StatusCode = status ? code : 200;
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(status ? """{"detail": "A part of the system is out of reach."}""" : answer);
        }
    }
}
