using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Empire.AppHost.Operating.Doctor;

/// <summary>The gateway's certificate: can its files be shown, how long does it hold, and is it the one that the running gateway shows?</summary>
internal static class CertificateCheck
{
    /// <summary>As the gateway's own warning.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromDays(14);

    public static Check For(Installation installation)
    {
        var settings = installation.Settings;
        if (settings["Gateway__CertificatePath"] is not { } path) return new("certificate", null, "Gateway__CertificatePath is not set: something in front ends TLS, or nothing does.");
        return new("certificate", async ct =>
        {
            using var own = Load(path, settings["Gateway__CertificateKeyPath"], settings["Gateway__CertificatePassword"]);
            var left = own.NotAfter.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime;
            var until = own.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
            if (left < Short) throw new CryptographicException($"{path} {(left < TimeSpan.Zero ? "ended" : "ends")} on {until} and was not renewed.");
            if (installation.IsRunning && await ShownAsync(int.TryParse(settings["HTTPS_PORT"], out var port) ? port : 443, ct) is var shown && shown != own.Thumbprint)
                throw new CryptographicException($"The gateway does not show what {path} holds; its log says why.");
            return $"{own.Subject} until {until}";
        });
    }

    private static X509Certificate2 Load(string path, string? keyPath, string? password)
    {
        if (!File.ReadAllText(path).Contains("-----BEGIN", StringComparison.Ordinal)) return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        return password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
    }

    private static async Task<string> ShownAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        await using var tls = new SslStream(client.GetStream());
        // Compared with the file, byte by byte as it were: whom it names and who signed it is the browsers' to judge.
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null }, ct);
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }
}
