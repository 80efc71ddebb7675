using Empire.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire;

public static class ServiceClientExtensions
{
    /// <summary>Registers the gRPC client of another service. Its address is the setting <c>services:{name}:grpc:0</c>, which the application model provides.</summary>
    /// <typeparam name="TClient">As generated from contracts: <c>Analytics.AnalyticsClient</c>.</typeparam>
    /// <param name="name">The other service in the application model.</param>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IHostApplicationBuilder builder, string name) where TClient : class
    {
        var setting = $"services:{name}:grpc:0";
        builder.CheckSetting(setting, $"the gRPC address of {name}, as in http://127.0.0.1:5101", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");
        return builder.Services.AddGrpcClient<TClient>(typeof(TClient).FullName!, (services, client) =>
            client.Address = new(services.GetRequiredService<IConfiguration>()[setting]!));
    }
}
