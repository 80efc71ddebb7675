using System.ComponentModel.DataAnnotations;
using Empire.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Empire.Configuration;

/// <summary>Checks DataAnnotations and says which key is at fault, where its value came from and what is wanted.</summary>
/// <param name="instance">The name of the options that come from <paramref name="section"/>.</param>
internal sealed class SettingsValidator<TOptions>(string instance, string section, IConfiguration configuration) : IValidateOptions<TOptions> where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if (name != instance) return ValidateOptionsResult.Skip;
        var results = new List<ValidationResult>();
        lock (SettingsValidation.One)
            if (Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true)) return ValidateOptionsResult.Success;
        if (options is ProviderOptions { Off: true }) results.RemoveAll(IsMissing); // nothing has to be set for a provider that is never asked; what is set must be right all the same
        if (results.Count == 0) return ValidateOptionsResult.Success;
        return ValidateOptionsResult.Fail(results.Select(result =>
        {
            var key = result.MemberNames.FirstOrDefault() is { } member ? $"{section}:{member}" : section;
            return $"{key} ({SettingSource.Of(configuration, key)}); wanted: {result.ErrorMessage}";
        }));

        bool IsMissing(ValidationResult result) => result.MemberNames.Any() && result.MemberNames.All(member => typeof(TOptions).GetProperty(member)?.GetValue(options) is null or "");
    }
}

internal static class SettingsValidation
{
    /// <summary>One at a time in a process: an attribute is shared by all who ask it, and <see cref="RangeAttribute"/> converts its bounds at the first question without a lock. Several hosts may start at once.</summary>
    public static readonly Lock One = new();
}
