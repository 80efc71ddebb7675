namespace Empire.Identity.Usage;

public static class UsageExtensions
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddSingleton<CallMeter>();
        services.AddHostedService<ReceiptSweep>();
        return services;
    }

    public static void MapUsage(this WebApplication app)
    {
        app.MapGet("/api/v1/identity/usage", GetUsage.HandleAsync).WithName("GetUsage").WithTags("Usage");
        app.MapGet("/api/usage", GetUsage.HandleAsync).WithName("Usage").WithTags("Usage");
    }
}
