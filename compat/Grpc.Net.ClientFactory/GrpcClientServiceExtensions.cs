using System.Net;
using Grpc.Net.ClientFactory;
using Grpc.Net.ClientFactory.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

public static class GrpcClientServiceExtensions
{
    public static IHttpClientBuilder AddGrpcClient<TClient>(this IServiceCollection services) where TClient : class =>
        services.AddGrpcClient<TClient>(typeof(TClient).Name);

    public static IHttpClientBuilder AddGrpcClient<TClient>(this IServiceCollection services, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient) where TClient : class =>
        services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, string name, Action<GrpcClientFactoryOptions> configureClient) where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Configure(name, configureClient);
        return services.AddGrpcClient<TClient>(name);
    }

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, string name, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient) where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureClient);
        services.AddOptions<GrpcClientFactoryOptions>(name).Configure<IServiceProvider>((options, provider) => configureClient(provider, options));
        return services.AddGrpcClient<TClient>(name);
    }

    /// <summary>Makes the client injectable, and available under the name from <see cref="GrpcClientFactory"/>.</summary>
    /// <exception cref="InvalidOperationException">The name stands for another type.</exception>
    public static IHttpClientBuilder AddGrpcClient<TClient>(this IServiceCollection services, string name) where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        TypesOf(services).Register(name, typeof(TClient));
        services.TryAddSingleton<ChannelSource>();
        services.TryAddTransient<GrpcClientFactory, ContainerClientFactory>();
        services.AddTransient(provider => provider.GetRequiredService<GrpcClientFactory>().CreateClient<TClient>(name));
        return services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // the channel keeps the handler for good; this is how it sees a change in DNS
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
        });
    }

    static ClientTypes TypesOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ClientTypes))?.ImplementationInstance is ClientTypes known) return known;
        var types = new ClientTypes();
        services.AddSingleton(types);
        return types;
    }
}
