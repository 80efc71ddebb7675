using System.Diagnostics;
using System.Text.Json;
using Empire.Logging;
using Empire.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Empire.Tests.Logging;

public sealed partial class JsonLogTests
{
    [Fact]
    public async Task A_line_parses_and_has_every_field()
    {
        using var source = new ActivitySource("Empire.Tests");
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var request = source.StartActivity("request");
        request!.SetTag("empire.tenant", "ten_1");
        using var inner = source.StartActivity("inner");

        using var lines = new Lines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var log = factory.CreateLogger("Empire.Tests.Shop");
        await Task.Yield(); // the function is now a state machine's MoveNext, and still has its name
        LogSold(log, "Yirga \"light\"", new InvalidOperationException("till is full"));
        var line = JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines.Written));

        Assert.Equal("2026-03-02T08:00:00.000Z", line.GetProperty("timestamp").GetString());
        Assert.Equal("WARNING", line.GetProperty("level").GetString());
        Assert.Equal("Sold Yirga \"light\"", line.GetProperty("message").GetString());
        Assert.Equal("Empire.Tests.Shop", line.GetProperty("module").GetString());
        Assert.Equal(nameof(A_line_parses_and_has_every_field), line.GetProperty("function").GetString());
        Assert.True(line.GetProperty("line").GetInt32() > 0);
        Assert.Equal(inner!.TraceId.ToHexString(), line.GetProperty("trace_id").GetString());
        Assert.Equal("ten_1", line.GetProperty("tenant").GetString());
        Assert.Contains("till is full", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    /// <summary>After some thirty calls the compiler makes the function anew, with the generated log method inlined into it.</summary>
    [Fact]
    public async Task A_line_keeps_its_place_when_it_is_said_for_the_thousandth_time()
    {
        using var lines = new Lines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var log = factory.CreateLogger("Empire.Tests.Shop");
        var until = Stopwatch.StartNew();
        while (lines.Written.Count < 1000 || until.Elapsed < TimeSpan.FromSeconds(1)) await ServeAsync(log, "Yirga");
        Assert.Single(lines.Written.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(line => (line.GetProperty("function").GetString(), line.GetProperty("line").GetRawText())).Distinct());
    }

    /// <summary>Of such a shape that the runtime no longer knows the line of the inlined call.</summary>
    private static async Task ServeAsync(ILogger log, object order)
    {
        await using var table = new MemoryStream();
        if (order is int) await Task.Yield();
        else if (order is string item && await IsOnTheMenuAsync())
        {
            LogServed(log, item, Guid.Empty, 4);
            if (item.Length == 0) await Task.Yield();
        }
        await Task.Yield();
    }

    private static async Task<bool> IsOnTheMenuAsync()
    {
        await Task.Yield();
        return true;
    }

    /// <summary>The compiler inlines a service's busy functions after a while; here it does so from the first call, or after a few, in a process of its own.</summary>
    [Theory]
    [InlineData(nameof(A_line_parses_and_has_every_field), "DOTNET_TieredCompilation", "0")]
    [InlineData(nameof(A_line_keeps_its_place_when_it_is_said_for_the_thousandth_time), "DOTNET_TieredPGO", "0")]
    public async Task A_line_has_its_place_also_in_optimised_code(string method, string variable, string value)
    {
        string[] arguments = [typeof(JsonLogTests).Assembly.Location, "-noColor", "-method", $"*{method}"];
        using var run = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, Environment = { [variable] = value, ["DOTNET_TC_CallCountingDelayMs"] = "0" } })!;
        var said = await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("Total: 1", said, StringComparison.Ordinal);
        Assert.True(run.ExitCode == 0, said);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly JsonLineFormatter formatter = new(new TestClock());
        private string category = "";

        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName)
        {
            category = categoryName;
            return this;
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> format)
        {
            using var writer = new StringWriter();
            formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, format), null, writer);
            Written.Add(writer.ToString());
        }

        public void Dispose() { }
    }

    [LoggerMessage(2, LogLevel.Information, "Served {Item} of {Order} at {Table}")] private static partial void LogServed(ILogger log, string item, Guid order, int table);
    [LoggerMessage(1, LogLevel.Warning, "Sold {Item}")] private static partial void LogSold(ILogger log, string item, Exception e);
}
