using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Empire.Configuration;

/// <summary>Runs before anything else of the host starts and reports every faulty setting at once: those checked with
/// <see cref="SettingsExtensions.CheckSetting"/> and all options that validate on start.</summary>
/// <param name="options">The framework's validator of options.</param>
internal sealed class StartupValidation(
    IConfiguration configuration, IEnumerable<SettingRule> rules, [FromKeyedServices(StartupValidation.OptionsValidator)] IStartupValidator options) : IStartupValidator
{
    public const string OptionsValidator = "options";

    /// <exception cref="StartupException">At least one setting is faulty.</exception>
    public void Validate()
    {
        var faults = rules.Where(rule => !rule.IsValid(configuration[rule.Key]))
            .Select(rule => $"{rule.Key} ({SettingSource.Of(configuration, rule.Key)}); wanted: {rule.Wanted}")
            .Concat(OptionFaults())
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (faults.Length > 0) throw new StartupException(faults);
    }

    private IEnumerable<string> OptionFaults()
    {
        try
        {
            options.Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures);
        }
    }
}
