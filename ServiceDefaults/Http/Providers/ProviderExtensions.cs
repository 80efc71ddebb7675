using Empire.Configuration;
using Empire.Credentials;
using Empire.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Empire;

public static class ProviderExtensions
{
    /// <summary>Registers the HTTP client of an outside provider, named <paramref name="name"/>, with its base address and the shared resilience; add headers
    /// with <c>ConfigureHttpClient</c> and a class with <c>AddTypedClient</c>. Its options come as <c>[FromKeyedServices(name)] TOptions</c>.</summary>
    /// <param name="name">The provider's name in settings, <c>Providers:{name}</c>, and in errors: <c>X</c>.</param>
    public static IHttpClientBuilder AddProvider<TOptions>(this IHostApplicationBuilder builder, string name) where TOptions : ProviderOptions
    {
        var section = $"Providers:{name}";
        var services = builder.Services;
        builder.AddSettings<TOptions>(section, name).PostConfigure(options =>
        {
            if (options.Off) options.BaseAddress = Nowhere; // clients want one, and what went past our handler would not arrive
        });
        builder.CheckSetting($"{section}:BaseAddress", "an absolute http or https address", text => text is null || IsWebAddress(text));
        if (builder.Environment.IsProduction())
            builder.CheckSetting($"{section}:Sandbox", "false: Production does not work against an emulator", text => !bool.TryParse(text, out var sandbox) || !sandbox);
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name));
        services.AddSingleton(provider => new RegisteredProvider(name, provider.GetRequiredKeyedService<TOptions>(name)));
        if (InstallationKey.PropertyOf(typeof(TOptions)) is { } key) services.AddSingleton(provider => InstallationKey.Of(name, key, provider.GetRequiredKeyedService<TOptions>(name)));
        services.AddHostedService<ProviderRollCall>();
        services.AddKeyedSingleton(name, (provider, _) => new ProviderResilience(name, provider.GetRequiredKeyedService<TOptions>(name)));
        return services.AddHttpClient(name)
            .ConfigureHttpClient((provider, http) =>
            {
                http.BaseAddress = WithTrailingSlash(provider.GetRequiredKeyedService<TOptions>(name).BaseAddress!);
                http.Timeout = Timeout.InfiniteTimeSpan; // the resilience pipeline has the limits
                http.DefaultRequestHeaders.UserAgent.ParseAdd("Empire/1.0");
            })
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2)) // follows DNS
            .AddHttpMessageHandler(provider => new ProviderHandler(provider.GetRequiredKeyedService<ProviderResilience>(name)))
            .AddHttpMessageHandler(() => new ConnectFailures()); // within, so that the resilience knows it for what it is
    }

    /// <inheritdoc cref="AddProvider{TOptions}"/>
    public static IHttpClientBuilder AddProvider(this IHostApplicationBuilder builder, string name) => builder.AddProvider<ProviderOptions>(name);

    /// <summary>No name ends so (RFC 2606).</summary>
    private static readonly Uri Nowhere = new("http://off.invalid");

    /// <summary>So that the relative <c>v1/refunds</c> lands under the base's path instead of replacing its last segment.</summary>
    private static Uri WithTrailingSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new(address.AbsoluteUri + "/");

    private static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
