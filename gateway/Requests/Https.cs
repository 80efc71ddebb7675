using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Empire.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Empire.Gateway.Requests;

/// <summary>With <c>Gateway:CertificatePath</c> the gateway listens on HTTPS_PORT, in TLS 1.3 alone, and sends plain HTTP there; see <see cref="ServerCertificate"/>. Without one, something in front ends TLS.</summary>
internal static class Https
{
    public static void AddHttps(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.Services.AddSingleton<ServerCertificate>().AddHostedService(provider => provider.GetRequiredService<ServerCertificate>());
        builder.CheckSetting("HTTPS_PORT", "a TCP port, 0 to 65535", text => text is null || ushort.TryParse(text, out _));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxRequestBodySize = configuration.GetValue<long?>("Gateway:MaxBodyBytes") ?? new GatewayOptions().MaxBodyBytes;
            if (configuration["Gateway:CertificatePath"] is not { Length: > 0 }) return;
            var certificate = new Lazy<ServerCertificate>(kestrel.ApplicationServices.GetRequiredService<ServerCertificate>);   // not yet: what is wrong with it is reported by start-up validation
            var address = IPAddress.TryParse(configuration["Empire:BindAddress"], out var configured) ? configured : IPAddress.Loopback;
            kestrel.Listen(address, configuration.GetValue("HTTPS_PORT", 443), endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Value.Context, EnabledSslProtocols = SslProtocols.Tls13 }),
                });
            });
        });
    }

    /// <summary>Probes of the orchestrator come by plain HTTP and are answered there.</summary>
    public static void UseHttpsRedirect(this WebApplication app)
    {
        if (app.Configuration["Gateway:CertificatePath"] is not { Length: > 0 }) return;
        var port = app.Configuration.GetValue("HTTPS_PORT", 443);
        app.Use((context, next) =>
        {
            if (context.Request.IsHttps || context.Request.Path.StartsWithSegments("/health")) return next(context);
            var host = port == 443 ? new HostString(context.Request.Host.Host) : new HostString(context.Request.Host.Host, port);
            context.Response.Redirect($"https://{host}{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}", permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        });
    }
}
