using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Empire.Http;

namespace Empire.Credentials;

/// <summary>Marks the property of a provider's options that holds the installation's own key there, so that its age is looked after.</summary>
/// <param name="kind">llm, gateway or platform: how soon it is to be replaced.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProviderKeyAttribute(string kind) : Attribute
{
    public string Kind { get; } = kind;
}

/// <summary>A key of the installation's own at a provider, as the settings have it.</summary>
/// <param name="provider">As OpenAI.</param>
/// <param name="variable">What whoever runs the installation calls it: OPENAI_API_KEY.</param>
/// <param name="kind">llm, gateway or platform.</param>
/// <param name="value">Null where nobody has to look after it: the sandbox plays the provider, or it is off.</param>
public sealed class InstallationKey(string provider, string variable, string kind, string? value)
{
    public string Provider { get; } = provider;
    public string Variable { get; } = variable;
    public string Kind { get; } = kind;
    public bool Watched { get; } = !string.IsNullOrWhiteSpace(value);

    /// <summary>The same for the same key in every service; nothing leads back from it, and it cannot be tried against guesses without the installation's key.</summary>
    /// <param name="installation">What all services share.</param>
    public string FingerprintUnder(byte[] installation) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(installation, Encoding.UTF8.GetBytes($"provider-key\n{Provider}\n{Variable}\n{value}")).AsSpan(0, 16));

    /// <returns>The property that holds the key; null where the provider has none.</returns>
    internal static PropertyInfo? PropertyOf(Type options) => options.GetProperties().SingleOrDefault(property => property.IsDefined(typeof(ProviderKeyAttribute)));

    internal static InstallationKey Of(string provider, PropertyInfo property, ProviderOptions options) => new(
        provider, options.KeyVariable ?? $"Providers__{provider}__{property.Name}", property.GetCustomAttribute<ProviderKeyAttribute>()!.Kind, options.Live ? (string?)property.GetValue(options) : null);
}
