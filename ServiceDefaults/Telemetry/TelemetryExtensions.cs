using Empire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Empire.Telemetry;

internal static class TelemetryExtensions
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Names of sources and of meters alike. ASP.NET Core, HttpClient and MassTransit bring their own; database and Redis add theirs where they are added.</summary>
    private static readonly string[] Names =
    [
        "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "MassTransit", "Empire.*",
    ];

    /// <summary>Traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; without it nothing is collected. Traces hold no path and no query (<see cref="WithoutPaths"/>).</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[Endpoint])) return;
        new OfTheHost(builder.Services)
            .WithTracing(traces => traces.AddSource(Names).AddProcessor(new WithoutPaths()).AddOtlpExporter()) // in this order: each span is cleared, then exported
            .WithMetrics(metrics => metrics.AddMeter(Names).AddOtlpExporter());
        builder.Services.ConfigureOpenTelemetryTracerProvider((provider, traces) => traces.SetResourceBuilder(Resource(service, provider.GetRequiredService<ThisService>())));
        builder.Services.ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.SetResourceBuilder(Resource(service, provider.GetRequiredService<ThisService>())));
        builder.Services.AddHostedService<TelemetryExport>();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource(service, null));
            logs.AddOtlpExporter();
        });
    }

    private static ResourceBuilder Resource(string name, ThisService? service) =>
        ResourceBuilder.CreateDefault().AddService(name, serviceNamespace: "empire", serviceVersion: service?.Version, serviceInstanceId: service?.Instance);

    /// <summary>Makes the providers part of the host's container, where integrations add their sources to them.</summary>
    private sealed class OfTheHost(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }
}
