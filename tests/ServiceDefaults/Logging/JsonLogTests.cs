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
        var attempts = 0;
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var log = factory.CreateLogger("Empire.Tests.Shop");
        await Task.Yield(); // the function is now a state machine's MoveNext, and still has its name
        JsonElement line;
        do
        {
            lines.Written.Clear();
            LogSold(log, "Yirga \"light\"", new InvalidOperationException("till is full"));
            line = JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines.Written));
        }
        while (line.GetProperty("line").ValueKind == JsonValueKind.Null && attempts++ < 20); // the runtime cannot always tell the line while it compiles the method anew

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

    [LoggerMessage(1, LogLevel.Warning, "Sold {Item}")] private static partial void LogSold(ILogger log, string item, Exception e);
}
