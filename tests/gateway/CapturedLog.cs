using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Empire.Gateway.Tests;

/// <summary>Every line that the gateway logs, as people read it.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Message)> lines = new();

    public IEnumerable<string> Of(string category) => lines.Where(line => line.Category == category).Select(line => line.Message);

    public IEnumerable<string> All => lines.Select(line => line.Message);

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<(string, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((category, formatter(state, exception)));
    }
}
