namespace Empire.Identity.Tenants;

public static class TenantEndpoints
{
    public static IServiceCollection AddTenants(this IServiceCollection services)
    {
        services.AddSingleton<ClosedAccountTelling>();
        services.AddHostedService(provider => provider.GetRequiredService<ClosedAccountTelling>());
        return services;
    }

    public static void MapTenants(this WebApplication app)
    {
        app.MapGet("/api/v1/identity/me", WhoAmI.HandleAsync).WithName("WhoAmI").WithTags("Identity");
        app.MapPost("/api/v1/tenants", CreateTenant.HandleAsync).WithName("CreateTenant").WithTags("Tenants"); // see CreateApiKey on idempotency
        app.MapPatch("/admin/tenants/{id}", ChangeTenant.HandleAsync).WithName("ChangeTenant").WithTags("Administration");
    }
}
