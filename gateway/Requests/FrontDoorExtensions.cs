using Empire.Configuration;
using Empire.Gateway.Authentication;
using Empire.Gateway.Caching;
using Empire.Gateway.Limits;
using Empire.Gateway.Security;
using Empire.Gateway.Shared;
using Microsoft.Extensions.Options;

namespace Empire.Gateway.Requests;

internal static class FrontDoorExtensions
{
    private static readonly string[] CorsMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly string[] CorsHeaders = ["Content-Type", "Authorization", "X-CSRF-Token", "X-Api-Key", "Idempotency-Key"];
    private static readonly string[] CorsExposed = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Location"];

    public static void AddFrontDoor(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<GatewayOptions>("Gateway").PostConfigure(options =>
        {
            if (int.TryParse(builder.Configuration["CACHE_TTL"], out var seconds)) options.CacheSeconds = seconds;
        });
        services.AddSingleton<SharedState>().AddHostedService(provider => provider.GetRequiredService<SharedState>());
        services.AddSingleton<SecurityEvents>().AddHostedService(provider => provider.GetRequiredService<SecurityEvents>());
        services.AddSingleton<Blocks>().AddHostedService(provider => provider.GetRequiredService<Blocks>());
        services.AddSingleton<Authenticator>().AddSingleton<OpenStreams>().AddSingleton<AtOnce>().AddSingleton<AddressSignatures>();
        services.AddSingleton<Limiter>().AddSingleton<LocalWindows>().AddSingleton<MonthlyQuota>();
        services.AddSingleton<UnlimitedCalls>().AddHostedService(provider => provider.GetRequiredService<UnlimitedCalls>());
        services.AddSingleton<TenantCache>().AddOutputCache(cache => cache.SizeLimit = 64 * 1024 * 1024);
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<GatewayOptions>>((cors, gateway) => cors.AddDefaultPolicy(policy =>
            policy.WithOrigins(gateway.Value.CorsOrigins).WithMethods(CorsMethods).WithHeaders(CorsHeaders).WithExposedHeaders(CorsExposed).AllowCredentials().SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
        Compression.Add(services);
    }

    /// <summary>What holds for every answer, errors included.</summary>
    public static void UseFrontDoor(this WebApplication app)
    {
        app.UseMiddleware<TrustedProxies>();
        var trusted = app.Configuration.GetSection("Gateway:TrustedProxies").Get<string[]>() ?? [];
        if (trusted.Length > 0) app.UseForwardedHeaders(TrustedProxies.Forwarding(trusted));   // with nobody trusted, the framework would trust everybody
        app.UseMiddleware<CallLog>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseHttpsRedirect();
        app.UseMiddleware<ForgetClaimedCaller>();
    }

    public static void UseAdmission(this WebApplication app)
    {
        app.Services.GetRequiredService<Authenticator>();   // those that listen to Redis are there before it is
        app.Services.GetRequiredService<TenantCache>();
        app.UseCors();
        app.UseResponseCompression();
        app.UseMiddleware<BodyLimit>();
        app.UseMiddleware<FrontDoor>();
        app.UseOutputCache();
    }
}
