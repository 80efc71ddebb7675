using Grpc.AspNetCore.ClientFactory;
using Grpc.AspNetCore.ClientFactory.Internal;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

public static class GrpcServerHttpClientBuilderExtensions
{
    /// <summary>Calls inherit the deadline and the cancellation of the gRPC call that is being handled.</summary>
    public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHttpContextAccessor();
        var name = builder.Name;
        return builder.AddInterceptor(InterceptorScope.Channel, services => new ContextPropagationInterceptor(
            services.GetRequiredService<IHttpContextAccessor>(),
            services.GetRequiredService<IOptionsMonitor<GrpcContextPropagationOptions>>().Get(name)));
    }

    /// <inheritdoc cref="EnableCallContextPropagation(IHttpClientBuilder)"/>
    public static IHttpClientBuilder EnableCallContextPropagation(
        this IHttpClientBuilder builder, Action<GrpcContextPropagationOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.Name, configureOptions);
        return builder.EnableCallContextPropagation();
    }
}
