using Microsoft.Extensions.Configuration;

namespace Empire.AppHost;

/// <summary>Someone outside whom a service asks over HTTP.</summary>
/// <param name="Name">As in the section <c>Providers:{Name}</c> of the services.</param>
/// <param name="KeyVariable">The variable that makes it live; without it the sandbox answers. The word <c>off</c> in its place: nobody does.</param>
/// <param name="KeySetting">What the service calls that key.</param>
/// <param name="BaseAddress">The real one; null where it differs from customer to customer, so that it must be set too.</param>
/// <param name="SandboxPath">Where the sandbox plays this provider.</param>
/// <param name="Required">An installation that serves customers cannot do without it: it cannot be switched off.</param>
internal sealed record Provider(string Name, string KeyVariable, string KeySetting, string? BaseAddress, string SandboxPath, bool Required = false)
{
    /// <summary>Instead of a key, in any case.</summary>
    public const string Off = "off";

    public static readonly Provider OpenAI = new("OpenAI", "OPENAI_API_KEY", "ApiKey", "https://api.openai.com/v1", "/openai/v1");
    public static readonly Provider OpenRouter = new("OpenRouter", "OPENROUTER_API_KEY", "ApiKey", "https://openrouter.ai/api/v1", "/openrouter/api/v1");
    public static readonly Provider X = new("X", "X_ACCESS_TOKEN", "AccessToken", "https://api.x.com", "/x");
    public static readonly Provider Meadow = new("Meadow", "MEADOW_TOKEN", "Token", null, "/networks/meadow");
    public static readonly Provider Harbor = new("Harbor", "HARBOR_TOKEN", "Token", null, "/networks/harbor");
    public static readonly Provider Stripe = new("Stripe", "STRIPE_SECRET_KEY", "SecretKey", "https://api.stripe.com", "/stripe");
    public static readonly Provider Flutterwave = new("Flutterwave", "FLUTTERWAVE_SECRET_KEY", "SecretKey", "https://api.flutterwave.com/v3", "/flutterwave/v3", Required: true);
    public static readonly Provider NowPayments = new("NowPayments", "NOWPAYMENTS_API_KEY", "ApiKey", "https://api.nowpayments.io/v1", "/nowpayments/v1", Required: true);

    public static IReadOnlyList<Provider> All { get; } = [OpenAI, OpenRouter, X, Meadow, Harbor, Stripe, Flutterwave, NowPayments];

    /// <summary>The real address; NOWPayments has a test network of its own behind another, which NOWPAYMENTS_SANDBOX chooses.</summary>
    public string? LiveAddress(Settings settings) =>
        this == NowPayments && bool.TryParse(settings["NOWPAYMENTS_SANDBOX"], out var test) && test ? "https://api-sandbox.nowpayments.io/v1" : BaseAddress;

    /// <summary>Variables that are secrets: given only to the service that uses them.</summary>
    public static IReadOnlyList<string> KeyVariables { get; } = [.. All.Select(provider => provider.KeyVariable), MailExtensions.PasswordVariable];

    /// <summary>Which are live, which the sandbox plays and which are off, in words.</summary>
    public static string Describe(Settings settings) => string.Join(", ", All.Select(provider => $"{provider.Name} {(provider.IsOff(settings) ? Off : provider.IsLive(settings) ? "live" : "sandbox")}"));

    public bool IsLive(Settings settings) => settings[KeyVariable] is not null && !IsOff(settings);

    /// <summary>Whoever runs the installation says that it does without.</summary>
    public bool IsOff(Settings settings) => string.Equals(settings[KeyVariable], Off, StringComparison.OrdinalIgnoreCase);

    public string AddressSetting => $"Providers__{Name}__BaseAddress";
}

/// <summary>How to get out of the house: with the keys in the settings, or to the sandbox.</summary>
/// <param name="SandboxMail">Where the sandbox takes mail.</param>
internal sealed record Outside(Settings Settings, EndpointReference Sandbox, EndpointReference SandboxMail);

internal static class ProviderExtensions
{
    private const string SandboxKey = "sandbox"; // any will do, but the clients insist on one

    /// <summary>Gives a service its way to a provider: the real one when its key is set, otherwise the sandbox, through the same client; none where it is off.</summary>
    /// <remarks>In Production the key is there, or the word <c>off</c>: <see cref="ProductionCheck"/> has seen to it.</remarks>
    public static IResourceBuilder<ProjectResource> WithProvider(this IResourceBuilder<ProjectResource> service, Provider provider, Outside outside)
    {
        var settings = outside.Settings;
        var section = $"Providers__{provider.Name}";
        foreach (var (name, value) in settings.DotEnv.Where(line => line.Key.StartsWith($"{section}__", StringComparison.Ordinal) && Environment.GetEnvironmentVariable(line.Key) is null)) service.WithEnvironment(name, value); // what the environment says, a service inherits
        service.WithEnvironment($"{section}__Off", provider.IsOff(settings) ? "true" : "false"); // the key's variable alone decides
        if (provider.IsOff(settings)) return service;
        if (settings[provider.KeyVariable] is { } key)
        {
            var address = settings[provider.AddressSetting] ?? provider.LiveAddress(settings)
                ?? throw new DistributedApplicationException($"{provider.KeyVariable} is set, so {provider.AddressSetting} must be too: {provider.Name} has no common address.");
            return service.WithEnvironment(provider.KeyVariable, key).WithEnvironment($"{section}__{provider.KeySetting}", key).WithEnvironment($"{section}__KeyVariable", provider.KeyVariable).WithEnvironment($"{section}__BaseAddress", address);
        }
        return service
            .WithEnvironment($"{section}__BaseAddress", $"{outside.Sandbox}{provider.SandboxPath}")
            .WithEnvironment($"{section}__{provider.KeySetting}", SandboxKey)
            .WithEnvironment($"{section}__Sandbox", "true");
    }

    /// <summary>Takes the keys out of the environment that every child inherits: only the services that use a key are given it.</summary>
    public static void KeepKeysFromChildren(this Settings settings, IConfigurationManager configuration)
    {
        foreach (var variable in Provider.KeyVariables)
        {
            configuration[variable] = settings[variable];
            Environment.SetEnvironmentVariable(variable, null);
        }
    }
}
