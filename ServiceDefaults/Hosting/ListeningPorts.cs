using System.Net;
using Empire.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace Empire.Hosting;

/// <summary><c>HTTP_PORT</c> speaks HTTP/1.1, <c>GRPC_PORT</c> HTTP/2 without TLS. Both listen on <c>Empire:BindAddress</c>, loopback unless a container says
/// otherwise. With neither set, ASP.NET Core's own rules (ASPNETCORE_URLS) hold.</summary>
internal static class ListeningPorts
{
    public static void AddListeningPorts(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.CheckSetting("HTTP_PORT", "a TCP port, 0 to 65535", IsPort);
        builder.CheckSetting("GRPC_PORT", "a TCP port, 0 to 65535", IsPort);
        builder.CheckSetting("Empire:BindAddress", "an IP address, as in 127.0.0.1 or 0.0.0.0", text => text is null || IPAddress.TryParse(text, out _));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listen(kestrel, configuration, "HTTP_PORT", HttpProtocols.Http1);
            Listen(kestrel, configuration, "GRPC_PORT", HttpProtocols.Http2);
        });
    }

    private static void Listen(KestrelServerOptions kestrel, ConfigurationManager configuration, string setting, HttpProtocols protocols)
    {
        if (!ushort.TryParse(configuration[setting], out var port)) return; // absent, or reported by start-up validation
        var address = IPAddress.TryParse(configuration["Empire:BindAddress"], out var configured) ? configured : IPAddress.Loopback;
        kestrel.Listen(address, port, endpoint => endpoint.Protocols = protocols);
    }

    private static bool IsPort(string? text) => text is null || ushort.TryParse(text, out _);
}
