using System.Net;
using Empire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Empire.Telemetry.Tests.Crashes;

/// <summary>Stands where the gateway stands: knows the key's account, and lets agents' streams through to the service.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpMessageInvoker line = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, EnableMultipleHttp2Connections = true });

    private Door(WebApplication app) => this.app = app;

    /// <summary>For gRPC.</summary>
    public Uri Grpc => new(app.Urls.First());

    /// <summary>For HTTP/1.1.</summary>
    public Uri Http => new(app.Urls.Last());

    public static async Task<Door> OpenAsync(Uri grpc, Uri http, Func<string> caller)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddHttpForwarder();
        var door = new Door(builder.Build());
        var forwarder = door.app.Services.GetRequiredService<IHttpForwarder>();
        var asGrpc = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = TimeSpan.FromMinutes(10) };
        door.app.Map("/{**path}", async (HttpContext context) =>
        {
            context.Request.Headers[CallerToken.Header] = caller();
            if (context.Request.Protocol == "HTTP/2") await forwarder.SendAsync(context, grpc.ToString(), door.line, asGrpc);
            else await forwarder.SendAsync(context, http.ToString(), door.line, ForwarderRequestConfig.Empty);
        });
        await door.app.StartAsync();
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
