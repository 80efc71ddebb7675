using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Empire.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Empire.Gateway.Requests;

/// <summary>With <c>Gateway:CertificatePath</c> the gateway listens on HTTPS_PORT, in TLS 1.3 alone, and sends plain HTTP there. Without one, something in front ends TLS.</summary>
internal static class Https
{
    public static void AddHttps(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.CheckSetting("HTTPS_PORT", "a TCP port, 0 to 65535", text => text is null || ushort.TryParse(text, out _));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxRequestBodySize = configuration.GetValue<long?>("Gateway:MaxBodyBytes") ?? new GatewayOptions().MaxBodyBytes;
            if (configuration["Gateway:CertificatePath"] is not { Length: > 0 } path || !File.Exists(path)) return;   // a path that is wrong is reported by start-up validation
            var certificate = Load(path, configuration["Gateway:CertificateKeyPath"], configuration["Gateway:CertificatePassword"]);
            var address = IPAddress.TryParse(configuration["Empire:BindAddress"], out var configured) ? configured : IPAddress.Loopback;
            kestrel.Listen(address, configuration.GetValue("HTTPS_PORT", 443), endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(certificate, tls => tls.SslProtocols = SslProtocols.Tls13);
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

    private static X509Certificate2 Load(string path, string? keyPath, string? password)
    {
        var pem = File.ReadAllText(path).Contains("-----BEGIN", StringComparison.Ordinal);
        if (!pem) return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        using var loaded = password is { Length: > 0 } ? X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath) : X509Certificate2.CreateFromPemFile(path, keyPath);
        return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);   // a key read from PEM is not one that every platform's TLS can use
    }
}
