using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Forwarder;

namespace Empire.Bench.Telemetry;

/// <summary>Stands where the gateway stands: every key is one account's, and streams go through to the service.</summary>
internal sealed class AgentDoor : IAsyncDisposable
{
    public const string Key = "gopt_benchmarkbenchmarkbenchm";

    private readonly WebApplication app;
    private readonly HttpMessageInvoker line = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, EnableMultipleHttp2Connections = true });

    private AgentDoor(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public static async Task<AgentDoor> OpenAsync(TelemetryProcess telemetry, TenantId tenant, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddHttpForwarder();
        var door = new AgentDoor(builder.Build());
        var forwarder = door.app.Services.GetRequiredService<IHttpForwarder>();
        var asGrpc = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = TimeSpan.FromMinutes(10) };
        door.app.Map("/{**path}", async (HttpContext context) =>
        {
            foreach (var entry in telemetry.CallerOf(tenant)) context.Request.Headers[entry.Key] = entry.Value;
            await forwarder.SendAsync(context, telemetry.Grpc.ToString(), door.line, asGrpc);
        });
        await door.app.StartAsync(ct);
        return door;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero); // streams never end by themselves
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
        line.Dispose();
    }
}
