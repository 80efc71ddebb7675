using Empire.Configuration;
using Empire.Telemetry.Carbon;
using Empire.Telemetry.Events;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Savings;

namespace Empire.Telemetry.Fleet;

public static class FleetEndpoints
{
    public static void AddFleet(this WebApplicationBuilder builder)
    {
        builder.AddSettings<CarbonOptions>("Carbon");
        builder.Services.AddSingleton<CarbonBook>();
        builder.Services.AddSingleton<SavingsTeller>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SavingsTeller>());
    }

    public static void MapFleet(this IEndpointRouteBuilder app)
    {
        var telemetry = app.MapGroup("/api/v1/telemetry").WithTags("Telemetry");
        telemetry.MapGet("/current", ShowCurrent.HandleAsync).WithName("GetCurrentGpus");
        telemetry.MapGet("/history", ShowHistory.HandleAsync).WithName("GetGpuHistory");
        telemetry.MapGet("/fleet", ShowFleet.HandleAsync).WithName("GetFleet");
        telemetry.MapGet("/jobs", ShowJob.ListAsync).WithName("ListJobCosts");
        telemetry.MapGet("/jobs/{id}", ShowJob.HandleAsync).WithName("GetJobCost");
        telemetry.MapGet("/recommendations", ShowRecommendations.HandleAsync).WithName("GetRecommendations");
        telemetry.MapGet("/events", ListGpuEvents.HandleAsync).WithName("ListGpuEvents");
        telemetry.MapGet("/prices", ShowPrices.Handle).WithName("ListGpuPrices");
        telemetry.MapMeasures();
        telemetry.MapCarbonFactors();
        telemetry.MapGet("/metrics", ExportMetrics.HandleAsync).WithName("GetGpuMetrics");
        app.MapGet("/api/gpu/current", ShowCurrent.HandleAsync).WithTags("Telemetry");
        app.MapGet("/api/gpu/history", ShowHistory.HandleAsync).WithTags("Telemetry");
    }
}
