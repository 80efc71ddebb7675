namespace Empire.Identity.Owner;

public static class OwnerExtensions
{
    public static IServiceCollection AddOwner(this IServiceCollection services)
    {
        services.AddOptions<OwnerOptions>().BindConfiguration("Empire:Owner").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OwnerAccount>();
        services.AddHostedService<OwnerSetup>();
        return services;
    }

    /// <summary>Runs before the first request is served: hosted services start before the server does.</summary>
    private sealed class OwnerSetup(OwnerAccount owner) : IHostedService
    {
        public Task StartAsync(CancellationToken ct) => owner.EnsureAsync(ct);
        public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
    }
}
