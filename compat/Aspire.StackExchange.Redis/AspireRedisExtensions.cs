using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";
    private static readonly TimeSpan LongestPing = TimeSpan.FromSeconds(3);

    /// <summary>Registers <see cref="IConnectionMultiplexer"/> with health check <c>StackExchange.Redis</c> and traces. A server that is away is no failure: the client
    /// goes on trying, and commands fail until it is there.</summary>
    /// <param name="connectionName">The <c>{name}</c> of <c>ConnectionStrings:{name}</c> and of the section of this client alone.</param>
    /// <param name="configureSettings">Has the last word over configuration. Called at once, so a setting that comes later is not seen.</param>
    /// <param name="configureOptions">Has the last word over connection string and section. Called when the client is first asked for.</param>
    /// <remarks>Without a server in the connection string the failure, an <see cref="InvalidOperationException"/>, comes when the client is first asked for.</remarks>
    public static void AddRedisClient(this IHostApplicationBuilder builder, string connectionName, Action<StackExchangeRedisSettings>? configureSettings = null, Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, key: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, under a key, for a program with several; its health check is <c>StackExchange.Redis_{name}</c>.</summary>
    /// <param name="name">The key, and the name in configuration.</param>
    public static void AddKeyedRedisClient(this IHostApplicationBuilder builder, string name, Action<StackExchangeRedisSettings>? configureSettings = null, Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, key: name, configureSettings, configureOptions);

    private static void Add(IHostApplicationBuilder builder, string name, string? key, Action<StackExchangeRedisSettings>? configureSettings, Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var (shared, own) = (builder.Configuration.GetSection(Section), builder.Configuration.GetSection($"{Section}:{name}"));
        var settings = new StackExchangeRedisSettings();
        shared.Bind(settings);
        own.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        var services = builder.Services;
        if (!settings.DisableTracing)
        {
            services.TryAddSingleton<CommandTraces>();
            services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource(CommandTraces.SourceName));
        }
        services.AddKeyedSingleton<IConnectionMultiplexer>(key, (provider, _) => Connect(provider, settings, options =>
        {
            shared.GetSection("ConfigurationOptions").Bind(options);
            own.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        }, name));
        if (!settings.DisableAutoActivation) services.AddSingleton<IHostedService>(provider => new ConnectAtStart(() => provider.GetRequiredKeyedService<IConnectionMultiplexer>(key)));
        if (!settings.DisableHealthChecks) AddHealthCheck(builder, key is null ? "StackExchange.Redis" : $"StackExchange.Redis_{name}", key);
    }

    private static ConnectionMultiplexer Connect(IServiceProvider provider, StackExchangeRedisSettings settings, Action<ConfigurationOptions> configure, string name)
    {
        var options = ConfigurationOptions.Parse($"abortConnect=false,{settings.ConnectionString}"); // the last of a kind wins
        configure(options);
        if (options.EndPoints.Count == 0)
            throw new InvalidOperationException($"Redis has no server to connect to: set ConnectionStrings:{name}, or {Section}:ConnectionString, or {Section}:{name}:ConnectionString.");
        var connection = ConnectionMultiplexer.Connect(options);
        connection.PreserveAsyncOrder = false; // in order, 1.2.6 stalls under some dozen callers: each completion waits for the one before
        if (!settings.DisableTracing) provider.GetRequiredService<CommandTraces>().Watch(connection);
        return connection;
    }

    /// <summary>Once per name, however often the client is added: two checks of one name would make every health request fail.</summary>
    private static void AddHealthCheck(IHostApplicationBuilder builder, string name, string? key)
    {
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", name)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new RedisHealthCheck(() => provider.GetRequiredKeyedService<IConnectionMultiplexer>(key)), failureStatus: null, tags: null, LongestPing));
    }
}
