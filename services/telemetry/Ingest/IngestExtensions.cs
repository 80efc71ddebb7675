using Empire.Configuration;
using Empire.Telemetry.Prices;

namespace Empire.Telemetry.Ingest;

internal static class IngestExtensions
{
    private const long LargestBatch = 4 * 1024 * 1024; // ten thousand samples in JSON, spoken tersely

    public static void AddIngest(this WebApplicationBuilder builder)
    {
        builder.AddSettings<IngestOptions>("Ingest");
        builder.AddSettings<PriceOptions>("Prices");
        builder.Services.AddSingleton<PriceBook>();
        builder.Services.AddSingleton<OpenStreams>();
        builder.Services.AddSingleton<Inflow>();
        builder.Services.AddSingleton<Reachable>();
        builder.Services.AddSingleton<SampleLog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SampleLog>());
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<Revocations>();
        if (builder.Configuration.GetConnectionString("redis") is null) return; // then the gateway alone ends streams
        builder.AddRedis();
        builder.Services.AddHostedService(services => services.GetRequiredService<Revocations>());
    }

    public static void MapIngest(this WebApplication app)
    {
        app.MapGrpcService<IngestGrpc>();
        app.MapPost("/api/track-usage", TrackUsage.HandleAsync).WithName("TrackUsage").WithTags("Telemetry")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestBatch));
    }
}
