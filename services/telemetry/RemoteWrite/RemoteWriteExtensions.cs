using Empire.Configuration;

namespace Empire.Telemetry.RemoteWrite;

internal static class RemoteWriteExtensions
{
    /// <summary>Without <c>RemoteWrite:Url</c> nothing is queued and nothing runs.</summary>
    public static void AddRemoteWrite(this WebApplicationBuilder builder)
    {
        builder.AddSettings<RemoteWriteOptions>("RemoteWrite");
        builder.Services.AddHttpClient(ClusterClient.Name).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan); // RemoteWrite:Timeout counts
        builder.Services.AddSingleton<ClusterClient>();
        builder.Services.AddSingleton<RemoteWriter>();
        if (builder.Configuration.GetSection("RemoteWrite").Get<RemoteWriteOptions>() is { IsOn: true }) builder.Services.AddHostedService(services => services.GetRequiredService<RemoteWriter>());
    }
}
