using Empire.Autopilot.Cycles.Steps;
using Empire.Autopilot.Ranking;

namespace Empire.Autopilot.Cycles;

public static class CycleExtensions
{
    /// <summary>The order of registration is the order of the steps.</summary>
    public static void AddCycles(this IServiceCollection services)
    {
        services.AddOptions<CyclePlan>().BindConfiguration("Autopilot:Plan").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CycleOptions>().BindConfiguration("Autopilot:Cycles").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RankingOptions>().BindConfiguration("Autopilot:Ranking").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ICycleStep, FetchStep>();
        services.AddSingleton<ICycleStep, RankStep>();
        services.AddSingleton<ICycleStep, SelectStep>();
        services.AddSingleton<ICycleStep, GenerateStep>();
        services.AddSingleton<ICycleStep, PublishStep>();
        services.AddSingleton<ICycleStep, CollectStep>();
        services.AddSingleton<ICycleStep, ComputeStep>();
        services.AddSingleton<CycleFinish>();
        services.AddSingleton<CycleSignal>();
        services.AddHostedService<CycleRunner>();
    }

    public static void MapCycles(this WebApplication app)
    {
        var cycles = app.MapGroup("/api/v1/autopilot/cycles").WithTags("Cycles");
        cycles.MapPost("/", StartCycle.HandleAsync).WithName("StartCycle").WithIdempotencyKey();
        cycles.MapGet("/", ListCycles.HandleAsync).WithName("ListCycles");
        cycles.MapGet("/{id}", GetCycle.HandleAsync).WithName("GetCycle");
        cycles.MapGet("/{id}/pieces", GetCycle.PiecesAsync).WithName("GetCyclePieces");
        cycles.MapPost("/{id}/pause", SteerCycle.PauseAsync).WithName("PauseCycle");
        cycles.MapPost("/{id}/resume", SteerCycle.ResumeAsync).WithName("ResumeCycle");
        cycles.MapPost("/{id}/cancel", SteerCycle.CancelAsync).WithName("CancelCycle");
    }
}
