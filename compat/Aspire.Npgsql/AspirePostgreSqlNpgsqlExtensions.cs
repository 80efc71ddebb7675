using System.Data.Common;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";
    private const string Telemetry = "Npgsql"; // the driver's name for its traces and for its metrics

    /// <summary>Registers <see cref="NpgsqlDataSource"/> and, opened from it, <see cref="NpgsqlConnection"/>, with health check <c>PostgreSql</c> and telemetry. Nothing
    /// connects before it is used.</summary>
    /// <param name="connectionName">The <c>{name}</c> of <c>ConnectionStrings:{name}</c> and of the section of this data source alone.</param>
    /// <param name="configureSettings">Has the last word over configuration. Called at once, so a setting that comes later is not seen.</param>
    /// <param name="configureDataSourceBuilder">Called when the data source is first asked for.</param>
    /// <remarks>Without a connection string the failure, an <see cref="InvalidOperationException"/>, comes when the data source is first asked for.</remarks>
    public static void AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName, Action<NpgsqlSettings>? configureSettings = null, Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null) =>
        Add(builder, connectionName, key: null, configureSettings, configureDataSourceBuilder);

    /// <summary>As <see cref="AddNpgsqlDataSource"/>, under a key, for a program with several; its health check is <c>PostgreSql_{name}</c>.</summary>
    /// <param name="name">The key, and the name in configuration.</param>
    public static void AddKeyedNpgsqlDataSource(this IHostApplicationBuilder builder, string name, Action<NpgsqlSettings>? configureSettings = null, Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null) =>
        Add(builder, name, key: name, configureSettings, configureDataSourceBuilder);

    private static void Add(IHostApplicationBuilder builder, string name, string? key, Action<NpgsqlSettings>? configureSettings, Action<NpgsqlDataSourceBuilder>? configureSource)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var settings = Read(builder.Configuration, name);
        configureSettings?.Invoke(settings);

        var services = builder.Services;
        services.TryAddKeyedSingleton(key, (provider, _) => Build(provider, settings, name, configureSource));
        services.TryAddKeyedSingleton<DbDataSource>(key, (provider, _) => provider.GetRequiredKeyedService<NpgsqlDataSource>(key));
        services.TryAddKeyedTransient(key, (provider, _) => provider.GetRequiredKeyedService<NpgsqlDataSource>(key).CreateConnection());
        services.TryAddKeyedTransient<DbConnection>(key, (provider, _) => provider.GetRequiredKeyedService<NpgsqlConnection>(key));

        if (!settings.DisableHealthChecks) AddHealthCheck(builder, key is null ? "PostgreSql" : $"PostgreSql_{name}", key);
        if (!settings.DisableTracing) services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource(Telemetry));
        if (!settings.DisableMetrics) services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(Telemetry));
    }

    private static NpgsqlSettings Read(IConfiguration configuration, string name)
    {
        var settings = new NpgsqlSettings();
        configuration.GetSection(Section).Bind(settings);
        configuration.GetSection($"{Section}:{name}").Bind(settings);
        settings.ConnectionString = configuration.GetConnectionString(name) ?? settings.ConnectionString;
        return settings;
    }

    private static NpgsqlDataSource Build(IServiceProvider provider, NpgsqlSettings settings, string name, Action<NpgsqlDataSourceBuilder>? configure)
    {
        if (string.IsNullOrEmpty(settings.ConnectionString))
            throw new InvalidOperationException($"PostgreSQL has no connection string: set ConnectionStrings:{name}, or {Section}:ConnectionString, or {Section}:{name}:ConnectionString.");
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(provider.GetService<ILoggerFactory>());
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Once per name, however often the data source is added: two checks of one name would make every health request fail.</summary>
    private static void AddHealthCheck(IHostApplicationBuilder builder, string name, string? key)
    {
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", name)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new NpgsqlHealthCheck(() => provider.GetRequiredKeyedService<NpgsqlDataSource>(key)), failureStatus: null, tags: null));
    }
}
