using Yarp.ReverseProxy.Configuration;

namespace Empire.Bench.Gateway;

/// <summary>The peer: YARP with one route and nothing else, in a process of its own.</summary>
internal static class BareProxy
{
    public const string Verb = "serve-bare-proxy";

    public static async Task<int> RunAsync(int port, string backend)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "backend", Match = new() { Path = "/{**path}" } }],
            [new ClusterConfig { ClusterId = "backend", Destinations = new Dictionary<string, DestinationConfig> { ["0"] = new() { Address = backend } } }]);
        var proxy = builder.Build();
        proxy.MapReverseProxy();
        await proxy.RunAsync();
        return 0;
    }
}
