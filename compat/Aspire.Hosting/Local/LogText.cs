using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Local;

/// <summary>A line of a log as a person reads it: structured lines, one JSON object each, become level, origin and message; others stay as they are.</summary>
/// <param name="Level">"error", "warning", "info" or "debug".</param>
internal readonly partial record struct LogText(string Level, string Text)
{
    public static LogText Of(string line)
    {
        if (line.StartsWith('{') && Structured(line) is { } structured) return structured;
        var text = Colours().Replace(line, "");
        return new(Troubles().Match(text) is { Success: true } trouble ? trouble.Groups["warning"].Success ? "warning" : "error" : "info", text);
    }

    private static LogText? Structured(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var fields = json.RootElement.EnumerateObject().ToLookup(p => p.Name.ToLowerInvariant(), p => p.Value.ToString());
            if (First("message", "msg", "@m") is not { } message) return null;
            var level = First("level", "loglevel", "severity", "@l") ?? "info";
            var origin = First("module", "category", "logger")?.Split('.')[^1];
            var exception = First("exception", "@x") is { } thrown ? "\n" + thrown : "";
            return new(Named(level), $"{(origin is null ? "" : origin + ": ")}{message}{exception}");

            string? First(params ReadOnlySpan<string> names)
            {
                foreach (var name in names)
                    if (fields[name].FirstOrDefault() is { Length: > 0 } value) return value;
                return null;
            }
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Named(string level) => level.ToUpperInvariant() switch
    {
        "ERROR" or "CRITICAL" or "FATAL" or "FAIL" or "CRIT" => "error",
        "WARNING" or "WARN" => "warning",
        "DEBUG" or "TRACE" or "VERBOSE" or "DBUG" or "TRCE" => "debug",
        _ => "info",
    };

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();

    /// <summary>As PostgreSQL ("FATAL:"), RabbitMQ ("[error]") and .NET's console ("fail:") write it.</summary>
    [GeneratedRegex(@"\b(?:ERROR|FATAL|PANIC|CRITICAL|Unhandled exception)\b|\[(?:error|critical)\]|^(?:fail|crit):|(?<warning>\bWARN(?:ING)?\b|\[warning\]|^warn:)")]
    private static partial Regex Troubles();
}
