using Empire.Hosting;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Empire.Telemetry;

/// <summary>Collects what the framework, the drivers and our own code emit, from before the first other worker starts until after the last has stopped.</summary>
internal sealed class TelemetryExport(ThisService service) : IHostedService, IDisposable
{
    /// <summary>Names of sources and of meters alike. ASP.NET Core, HttpClient, Npgsql and MassTransit bring their own.</summary>
    private static readonly string[] Names =
    [
        "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "Empire.*",
    ];

    private TracerProvider? traces;
    private MeterProvider? metrics;

    public static ResourceBuilder Resource(string name, ThisService? service) =>
        ResourceBuilder.CreateDefault().AddService(name, serviceNamespace: "empire", serviceVersion: service?.Version, serviceInstanceId: service?.Instance);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = Resource(service.Name, service);
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Names).AddOtlpExporter().Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Names).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces?.ForceFlush(2000);
        metrics?.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }
}
