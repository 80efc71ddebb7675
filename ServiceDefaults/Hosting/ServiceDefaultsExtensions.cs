using Empire.Auditing;
using Empire.Configuration;
using Empire.Health;
using Empire.Hosting;
using Empire.Http;
using Empire.Http.Documents;
using Empire.Logging;
using Empire.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Empire;

/// <summary>What every service shares: the first line of its Program.cs and the first after <c>Build()</c>.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Telemetry, JSON logs, health, problem details, snake_case JSON, clock, the caller's identity, listening ports and start-up validation, and the service's part of the API document.</summary>
    /// <param name="name">The service's name in the application model: <c>content</c>.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string name)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ThisService.From(name, provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        builder.AddStartupValidation();
        builder.AddListeningPorts();
        builder.AddJsonLogs();
        builder.AddTelemetry(name);
        builder.AddCallerIdentity();
        services.AddSnakeCaseJson();
        services.AddProblems();
        services.AddHeadRequests();
        services.AddHealth();
        services.AddApiDocument(name);
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new ConnectFailures()));
        return builder;
    }

    /// <summary>Checks every setting, then adds the exception handler, HEAD wherever GET is taken, the caller check (deny by default), the refusal of query parameters that nobody knows, idempotency keys, the audit trail
    /// with its list at <c>/api/v1/{service}/audit</c>, <c>/health/live|ready|business|condition</c> and <c>/internal/openapi/v1.json</c>.</summary>
    /// <exception cref="StartupException">Settings are faulty; the message lists all of them.</exception>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        // Here, because the host makes its workers before it validates, and one that chokes on a faulty setting would hide the list of all of them.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<HeadRequests.Middleware>();
        app.UseMiddleware<CallerMiddleware>();
        app.UseMiddleware<QueryNames>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.UseMiddleware<AuditMiddleware>();
        app.MapHealth();
        ListAudit.Map(app);
        app.MapApiDocument();
        return app;
    }
}
