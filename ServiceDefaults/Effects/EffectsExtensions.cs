using Empire.Configuration;
using Empire.Effects;
using Empire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Empire;

/// <summary>Irreversible acts of a service: done once, whatever crashes. See Effects/README.md.</summary>
public static class EffectsExtensions
{
    /// <summary>The worker that performs, probes and settles effects; needs <c>AddDatabase</c>. Section "Effects" tunes it.</summary>
    public static IHostApplicationBuilder AddEffects(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<EffectsOptions>("Effects");
        var services = builder.Services;
        services.TryAddSingleton<EffectDrivers>();
        services.AddSingleton(provider => new EffectWorkerName(provider.GetRequiredService<ThisService>().Instance));
        services.AddSingleton<EffectClaims>();
        services.AddSingleton<EffectSettlement>();
        services.AddSingleton<EffectRun>();
        services.AddSingleton<EffectLeases>();
        services.AddHostedService(provider => provider.GetRequiredService<EffectLeases>());
        services.AddHostedService<WithdrawalSweep>();
        services.AddHostedService<EffectWorker>(); // stops before the leases do, so that calls under way keep theirs
        return builder;
    }

    /// <summary>Says who performs one kind of effect. <typeparamref name="THandler"/> is made anew for each step, from the container.</summary>
    /// <param name="kind">Stable, stored with each effect: <c>publishing.x-post</c>. Renaming a class never renames it.</param>
    /// <param name="whenClosed">Performed also while the account is closed: what is owed, and what tells of it. Anything else waits, and is held for a person when the account is open again.</param>
    public static IServiceCollection AddEffect<THandler, TIntent>(this IServiceCollection services, string kind, bool whenClosed = false)
        where THandler : EffectHandler<TIntent> where TIntent : class
    {
        EffectKinds.Register<TIntent>(kind, whenClosed);
        services.TryAddScoped<THandler>();
        return services.AddSingleton<EffectDriver>(new EffectDriver<THandler, TIntent>(kind));
    }
}
