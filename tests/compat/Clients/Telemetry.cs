using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire.Clients.Tests;

/// <summary>What a program would export, kept. It names no source or meter itself: the integrations add theirs.</summary>
internal sealed class Telemetry(IServiceCollection services) : IOpenTelemetryBuilder
{
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly ConcurrentDictionary<string, string> instruments = new();

    public IServiceCollection Services => services;

    public IReadOnlyCollection<Activity> Spans => spans;

    /// <summary>Name of each instrument that measured something, and of its meter.</summary>
    public IReadOnlyDictionary<string, string> Instruments => instruments;

    /// <param name="sources">The test's own.</param>
    public static Telemetry Of(HostApplicationBuilder builder, params string[] sources)
    {
        var kept = new Telemetry(builder.Services);
        kept.WithTracing(traces => traces.AddSource(sources).AddProcessor(new KeepSpans(kept.spans)));
        kept.WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(new KeepInstruments(kept.instruments))));
        return kept;
    }

    /// <summary>Begins to listen, as the hosting of OpenTelemetry does at the start of a host.</summary>
    public static void Listen(IServiceProvider provider)
    {
        provider.GetRequiredService<TracerProvider>();
        provider.GetRequiredService<MeterProvider>();
    }

    private sealed class KeepSpans(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }

    private sealed class KeepInstruments(ConcurrentDictionary<string, string> instruments) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch) instruments[metric.Name] = metric.MeterName;
            return ExportResult.Success;
        }
    }
}
