using System.Reflection;
using Empire.Configuration;
using Empire.Data;
using Empire.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Empire;

/// <summary>The one database of a service: migrated before anything else starts, then open to its runtime roles.</summary>
public static class DatabaseExtensions
{
    private const string PoolSize = "DB_POOL_SIZE";
    private const int MostConnections = 200;

    /// <summary>Registers <see cref="Database"/> from <c>ConnectionStrings:{name}</c>, which names the owner, and holds back the start of everything else until
    /// the service's <c>Migrations/*.sql</c> are applied. A server that is not up yet is waited for; a migration that fails stops the start.</summary>
    /// <param name="name">The service; also the stem of the runtime roles <c>{name}_app</c> and <c>{name}_system</c>.</param>
    public static TBuilder AddDatabase<TBuilder>(this TBuilder builder, string name) where TBuilder : IHostApplicationBuilder
    {
        var service = Assembly.Load(new AssemblyName(builder.Environment.ApplicationName));
        var setting = $"ConnectionStrings:{name}";
        var (appRole, systemRole) = ($"{name}_app", $"{name}_system");
        DapperMapping.Register();

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.CheckSetting(setting, "the owner's PostgreSQL connection string, with Host, Database and Username", Usable);
        builder.CheckSetting(PoolSize, $"connections, 1 to {MostConnections}", text => string.IsNullOrEmpty(text) || (int.TryParse(text, out var size) && size is >= 1 and <= MostConnections));
        var owner = builder.Configuration[setting];
        var poolSize = int.TryParse(builder.Configuration[PoolSize], out var given) ? given : DatabaseRoles.DefaultPoolSize;
        var roles = Usable(owner) ? DatabaseRoles.From(name, owner!, poolSize) : null; // null: the check of the setting refuses the start before anything asks for them
        builder.AddRole(appRole, roles?.App);
        builder.AddRole(systemRole, roles?.System);
        builder.Services.AddSingleton(_ => roles!);
        builder.Services.AddSingleton<WorkHooks>();
        builder.Services.AddSingleton<Partitions>();
        builder.Services.AddSingleton(services => new Database(
            services.GetRequiredService<DatabaseRoles>(), services.GetRequiredService<WorkHooks>(),
            services.GetRequiredKeyedService<NpgsqlDataSource>(appRole), services.GetRequiredKeyedService<NpgsqlDataSource>(systemRole)));
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<MigrationAtStart>(services, service));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton<IdempotencyTable>();
        builder.Services.AddHostedService<IdempotencySweep>();
        return builder;
    }

    /// <summary>The data source of a role, under the role's name; it connects only once something begins a transaction, after the migrations.</summary>
    private static void AddRole(this IHostApplicationBuilder builder, string role, string? connectionString) => builder.AddKeyedNpgsqlDataSource(role, settings =>
    {
        settings.ConnectionString = connectionString;
        settings.DisableHealthChecks = true; // "database" asks as the service does, in a transaction
    });

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
