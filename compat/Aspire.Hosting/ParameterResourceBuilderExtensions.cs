using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value that configuration must give as <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false) =>
        builder.AddParameter(name, $"Parameters:{name}", secret, fallback: null);

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <param name="valueGetter">Used where configuration has no <c>Parameters:{name}</c>.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, $"Parameters:{name}", secret, _ => valueGetter());

    /// <param name="persist">Keeps a generated value in the orchestrator's home, so that a restart finds the same.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = builder.AddParameter(name, $"Parameters:{name}", secret,
            given => persist ? SecretFile.In(builder).GetOrAdd($"Parameters:{name}", given!.GetDefaultValue) : given!.GetDefaultValue());
        parameter.Resource.Default = value;
        return parameter;
    }

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(this IDistributedApplicationBuilder builder, [ResourceName] string name, string configurationKey, bool secret = false) =>
        builder.AddParameter(name, configurationKey, secret, fallback: null);

    /// <summary>A connection string that configuration must give as <c>ConnectionStrings:{name}</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, [ResourceName] string name, string? environmentVariableName = null)
    {
        var value = new ConfiguredConnectionString(name, () => builder.Configuration.GetConnectionString(name)
            ?? throw new MissingParameterValueException($"Connection string '{name}' is missing; set ConnectionStrings__{name}."), environmentVariableName);
        return builder.AddResource(value);
    }

    /// <summary>A connection string composed of other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, [ResourceName] string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    /// <summary>A generated password that outlives restarts.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true,
        bool numeric = true, bool special = true, int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0)
    {
        var generate = new GenerateParameterDefault
        {
            Lower = lower, Upper = upper, Numeric = numeric, Special = special,
            MinLower = minLower, MinUpper = minUpper, MinNumeric = minNumeric, MinSpecial = minSpecial,
        };
        var key = $"Parameters:{name}";
        return new ParameterResource(name, _ => Configured(builder, key) ?? SecretFile.In(builder).GetOrAdd(key, generate.GetDefaultValue), secret: true) { Default = generate };
    }

    private static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string key, bool secret, Func<ParameterDefault?, string>? fallback) =>
        builder.AddResource(new ParameterResource(name, given => Configured(builder, key) ?? fallback?.Invoke(given)
            ?? throw new MissingParameterValueException($"Parameter '{name}' has no value; set {key.Replace(":", "__")}."), secret));

    private static string? Configured(IDistributedApplicationBuilder builder, string key) => builder.Configuration[key] is { Length: > 0 } value ? value : null;

    private sealed class ConfiguredConnectionString(string name, Func<string> read, string? variable) : Resource(name), IResourceWithConnectionString, IResourceWithoutLifetime
    {
        public string? ConnectionStringEnvironmentVariable => variable;
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{new ParameterResource(Name, _ => read(), secret: true)}");
    }
}
