using Empire.Configuration;

namespace Empire.Analytics.Clicks;

internal static class ClickSetup
{
    public static void AddClicks(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ClickOptions>("Clicks");
        var services = builder.Services;
        services.AddSingleton<ClickSpool>().AddSingleton<FollowLink>();
        Hosted<Visitors>(services);
        Hosted<ClickAnnouncer>(services);
        Hosted<ClickLog>(services);
        Hosted<SpoolDrainWorker>(services);
        Hosted<ClickDayWorker>(services);
    }

    /// <summary>The redirect, past all middleware: no caller, no session, no body.</summary>
    public static void MapClicks(this WebApplication app)
    {
        app.MapMethods("/r/{code}", [HttpMethods.Get, HttpMethods.Head], app.Services.GetRequiredService<FollowLink>().HandleAsync)
            .WithTags("Clicks").AllowAnonymous().ShortCircuit();
        app.MapGet("/api/v1/analytics/clicks", ListClicks.HandleAsync).WithTags("Clicks");
    }

    private static void Hosted<T>(IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
