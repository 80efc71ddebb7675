using System.Reflection;
using Empire.Configuration;
using Empire.Data;
using Empire.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Empire;

/// <summary>The one database of a service: migrated before anything else starts, then open to its runtime roles.</summary>
public static class DatabaseExtensions
{
    /// <summary>Registers <see cref="Database"/> from <c>ConnectionStrings:{name}</c>, which names the owner, and holds back the start of everything else until
    /// the service's <c>Migrations/*.sql</c> are applied. A server that is not up yet is waited for; a migration that fails stops the start.</summary>
    /// <param name="name">The service; also the stem of the runtime roles <c>{name}_app</c> and <c>{name}_system</c>.</param>
    public static TBuilder AddDatabase<TBuilder>(this TBuilder builder, string name) where TBuilder : IHostApplicationBuilder
    {
        var service = Assembly.Load(new AssemblyName(builder.Environment.ApplicationName));
        var setting = $"ConnectionStrings:{name}";
        DapperMapping.Register();

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.CheckSetting(setting, "the owner's PostgreSQL connection string, with Host, Database and Username", Usable);
        builder.Services.AddSingleton(services => DatabaseRoles.From(name, services.GetRequiredService<IConfiguration>()[setting]!));
        builder.Services.AddSingleton<WorkHooks>();
        builder.Services.AddSingleton<Partitions>();
        builder.Services.AddSingleton(services => new Database(
            services.GetRequiredService<DatabaseRoles>(), services.GetRequiredService<WorkHooks>(),
            source => source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>())));
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<MigrationAtStart>(services, service));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton<IdempotencyTable>();
        builder.Services.AddHostedService<IdempotencySweep>();
        return builder;
    }

    private static bool Usable(string? connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0, Database.Length: > 0, Username.Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
