using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Empire.Gateway.Tests;

/// <summary>A gateway with a certificate of its own, which trusts no proxy.</summary>
public sealed class HttpsGatewayApp : GatewayApp
{
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public int Port { get; } = FreePort();

    protected override IEnumerable<KeyValuePair<string, string>> Settings
    {
        get
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            var (path, keyPath) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
            File.WriteAllText(path, certificate.ExportCertificatePem());
            File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
            return [new("Gateway:CertificatePath", path), new("Gateway:CertificateKeyPath", keyPath), new("HTTPS_PORT", $"{Port}"), new("Gateway:TrustedProxies:0", "192.0.2.0/24")];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

public sealed class HttpsTests(HttpsGatewayApp app) : IClassFixture<HttpsGatewayApp>
{
    [Fact]
    public async Task Http_is_sent_to_https_which_says_to_stay_there()
    {
        using var plain = app.ClientFor(StubServices.MemberKey);
        using var redirect = await plain.PostAsync("/api/social/post?x=1", null);
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"https://127.0.0.1:{app.Port}/api/social/post?x=1"), (redirect.StatusCode, redirect.Headers.Location?.ToString()));
        Assert.Equal(HttpStatusCode.OK, (await plain.GetAsync("/health/live")).StatusCode);   // the orchestrator's probe

        using var secure = Secure(StubServices.MemberKey);
        using var response = await secure.GetAsync($"https://127.0.0.1:{app.Port}/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.OK, "max-age=31536000; includeSubDomains"), (response.StatusCode, response.Header("Strict-Transport-Security")));
    }

    [Fact]
    public async Task A_proxy_whose_word_does_not_count_is_named_in_the_log_once()
    {
        using var client = app.ClientFor(null);   // says for whom it speaks, and loopback is not trusted here
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        var line = Assert.Single(app.Log.Of("Empire.Gateway.Requests.TrustedProxies"));
        Assert.StartsWith("127.0.0.1 ", line, StringComparison.Ordinal);
        Assert.Contains("Gateway:TrustedProxies", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Only_tls_1_3_is_spoken(SslProtocols protocol, bool spoken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, app.Port);
        await using var tls = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" };
        if (spoken)
        {
            await tls.AuthenticateAsClientAsync(options);
            Assert.Equal(SslProtocols.Tls13, tls.SslProtocol);
        }
        else await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(options));
    }

    [Fact]
    public async Task A_forged_address_from_a_peer_that_is_no_proxy_changes_nothing()
    {
        // Fifty an hour; on a busy machine an answer of Redis may come too late to count here, and that one is counted in memory instead, which allows fifty of its own.
        var refused = false;
        for (var i = 0; !refused; i++)
        {
            Assert.True(i <= 100, "Nobody counts them.");
            using var client = Secure(null);
            client.DefaultRequestHeaders.Add("X-Forwarded-For", GatewayApp.NewAddress());
            client.DefaultRequestHeaders.Add("X-Real-IP", GatewayApp.NewAddress());
            using var response = await client.GetAsync($"https://127.0.0.1:{app.Port}/api/v1/content/pieces");
            refused = response.StatusCode == HttpStatusCode.TooManyRequests;
            Assert.True(refused ? i >= 50 : response.StatusCode == HttpStatusCode.Unauthorized, $"{i}: {(int)response.StatusCode}");
        }
    }

    private static HttpClient Secure(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } });
        if (key is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }
}
