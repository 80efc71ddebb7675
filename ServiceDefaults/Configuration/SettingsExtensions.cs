using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Empire.Configuration;

/// <summary>Settings that stop the start when they are wrong, all of them in one message.</summary>
public static class SettingsExtensions
{
    private static int exitHooked;

    /// <summary>Has one setting checked at start-up.</summary>
    /// <param name="wanted">Completes "wanted: …".</param>
    /// <param name="isValid">Gets null where the setting is absent. Null: it must be present.</param>
    public static void CheckSetting(this IHostApplicationBuilder builder, string key, string wanted, Func<string?, bool>? isValid = null) =>
        builder.Services.AddSingleton(new SettingRule(key, wanted, isValid ?? (value => !string.IsNullOrWhiteSpace(value))));

    /// <summary>Binds a section to options, checked by their DataAnnotations at start-up; a fault is reported with the key and the source of its value.</summary>
    /// <param name="name">Where one type is bound to several sections; null is the type's only instance.</param>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IHostApplicationBuilder builder, string section, string? name = null) where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new SettingsValidator<TOptions>(name ?? Options.DefaultName, section, builder.Configuration));
        return builder.Services.AddOptions<TOptions>(name).BindConfiguration(section).ValidateOnStart();
    }

    internal static void AddStartupValidation(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<HostOptions>(); // brings the framework's validator, which ours then calls
        var framework = services.Last(service => service.ServiceType == typeof(IStartupValidator));
        services.Remove(framework);
        services.AddKeyedTransient(typeof(IStartupValidator), StartupValidation.OptionsValidator, framework.ImplementationType!);
        services.AddTransient<IStartupValidator, StartupValidation>();
        services.TryAddSingleton<IConfiguration>(builder.Configuration);
        if (Interlocked.Exchange(ref exitHooked, 1) == 0) AppDomain.CurrentDomain.UnhandledException += StartupException.ExitOnUnhandled;
    }
}
