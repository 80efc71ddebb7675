using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Empire.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Empire.Logging;

/// <summary>A log line: timestamp, level, message, module (the category), function and line, then trace_id, span_id, tenant and exception where there are any.</summary>
internal sealed class JsonLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "empire-json";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter output)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
            json.WriteString("level", NameOf(entry.LogLevel));
            json.WriteString("message", message);
            json.WriteString("module", entry.Category);
            WriteOrigin(json, entry.Category, entry.EventId);
            WriteActivity(json);
            if (entry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteOrigin(Utf8JsonWriter json, string category, EventId id)
    {
        var origin = category.StartsWith("Empire", StringComparison.Ordinal) ? LogOrigin.Find(id) : null;
        json.WriteString("function", origin?.Function ?? id.Name);
        if (origin is { Line: > 0 }) json.WriteNumber("line", origin.Line);
        else json.WriteNull("line");
    }

    private static void WriteActivity(Utf8JsonWriter json)
    {
        if (Activity.Current is not { } activity) return;
        json.WriteString("trace_id", activity.TraceId.ToHexString());
        json.WriteString("span_id", activity.SpanId.ToHexString());
        for (var span = activity; span is not null; span = span.Parent)
        {
            if (span.GetTagItem(TenantTag.Name) is not string tenant) continue;
            json.WriteString("tenant", tenant);
            return;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };
}
