using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;

namespace Microsoft.Extensions.DependencyInjection;

public static class GrpcHttpClientBuilderExtensions
{
    public static IHttpClientBuilder ConfigureChannel(this IHttpClientBuilder builder, Action<GrpcChannelOptions> configureChannel) =>
        builder.With(options => options.ChannelOptionsActions.Add(configureChannel));

    public static IHttpClientBuilder ConfigureChannel(this IHttpClientBuilder builder, Action<IServiceProvider, GrpcChannelOptions> configureChannel) =>
        builder.With(options => options.ChannelServiceActions.Add(configureChannel));

    /// <summary>Adds an interceptor that lives as long as the channel.</summary>
    public static IHttpClientBuilder AddInterceptor(this IHttpClientBuilder builder, Func<Interceptor> configureInvoker) =>
        builder.AddInterceptor(InterceptorScope.Channel, _ => configureInvoker());

    /// <inheritdoc cref="AddInterceptor(IHttpClientBuilder, Func{Interceptor})"/>
    public static IHttpClientBuilder AddInterceptor(this IHttpClientBuilder builder, Func<IServiceProvider, Interceptor> configureInvoker) =>
        builder.AddInterceptor(InterceptorScope.Channel, configureInvoker);

    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder, InterceptorScope scope, Func<IServiceProvider, Interceptor> configureInvoker)
    {
        ArgumentNullException.ThrowIfNull(configureInvoker);
        return builder.With(options => options.InterceptorRegistrations.Add(new(scope, configureInvoker)));
    }

    /// <summary>Adds an interceptor from the container, which must know it, that lives as long as the channel.</summary>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(this IHttpClientBuilder builder) where TInterceptor : Interceptor =>
        builder.AddInterceptor<TInterceptor>(InterceptorScope.Channel);

    /// <summary>Adds an interceptor from the container, which must know it.</summary>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(this IHttpClientBuilder builder, InterceptorScope scope) where TInterceptor : Interceptor =>
        builder.AddInterceptor(scope, services => services.GetRequiredService<TInterceptor>());

    public static IHttpClientBuilder AddCallCredentials(this IHttpClientBuilder builder, Func<AuthInterceptorContext, Metadata, Task> authInterceptor)
    {
        ArgumentNullException.ThrowIfNull(authInterceptor);
        return builder.AddCallCredentials((context, metadata, _) => authInterceptor(context, metadata));
    }

    /// <param name="authInterceptor">Adds headers to the metadata of each call; the services are of the client's scope.</param>
    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder, Func<AuthInterceptorContext, Metadata, IServiceProvider, Task> authInterceptor)
    {
        ArgumentNullException.ThrowIfNull(authInterceptor);
        return builder.With(options => options.CallOptionsActions.Add(call =>
            AddCredentials(call, CallCredentials.FromInterceptor((context, metadata) => authInterceptor(context, metadata, call.ServiceProvider)))));
    }

    public static IHttpClientBuilder AddCallCredentials(this IHttpClientBuilder builder, CallCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return builder.With(options => options.CallOptionsActions.Add(call => AddCredentials(call, credentials)));
    }

    /// <summary>Makes the client in another way than by its constructor that takes a <see cref="CallInvoker"/>.</summary>
    public static IHttpClientBuilder ConfigureGrpcClientCreator(this IHttpClientBuilder builder, Func<CallInvoker, object> configureCreator) =>
        builder.With(options => options.Creator = configureCreator);

    static void AddCredentials(CallOptionsContext call, CallCredentials credentials)
    {
        var own = call.CallOptions.Credentials;
        call.CallOptions = call.CallOptions.WithCredentials(own is null ? credentials : CallCredentials.Compose(own, credentials));
    }

    static IHttpClientBuilder With(this IHttpClientBuilder builder, Action<GrpcClientFactoryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }
}
