using Empire.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Empire.Logging;

/// <summary>One JSON object a line on standard output; the orchestrator or the cluster keeps the files. <c>LOG_LEVEL</c> sets how much is said.</summary>
internal static class JsonLogs
{
    /// <summary>The frameworks' running commentary on each request and query, below which nothing of the business would be seen; DEBUG shows it.</summary>
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.Extensions.Http", "System.Net.Http.HttpClient", "Polly", "Yarp", "Npgsql", "Quartz"];

    public static void AddJsonLogs(this IHostApplicationBuilder builder)
    {
        builder.CheckSetting("LOG_LEVEL", "TRACE, DEBUG, INFO, WARNING, ERROR or CRITICAL", text => text is null || LevelOf(text) is not null);
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsole(console => console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? JsonLineFormatter.FormatterName);
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None); // the formatter reads the activity itself
        var wanted = builder.Configuration["LOG_LEVEL"] is { } text ? LevelOf(text) : null;
        if (wanted is null or > LogLevel.Debug) Quieten(builder, wanted > LogLevel.Warning ? wanted.Value : LogLevel.Warning);
        if (wanted is not { } level) return;
        builder.Configuration["Logging:LogLevel:Default"] = level.ToString();
        builder.Services.Configure<LoggerFilterOptions>(options => options.MinLevel = level);
    }

    /// <summary>Inserted as the first source, so that whatever the service or its environment says about a category wins.</summary>
    private static void Quieten(IHostApplicationBuilder builder, LogLevel level) => builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = Talkative.Select(category => KeyValuePair.Create($"Logging:LogLevel:{category}", (string?)level.ToString())),
    });

    private static LogLevel? LevelOf(string text) => text.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" or "INFORMATION" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" or "FATAL" => LogLevel.Critical,
        _ => null,
    };
}
