using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Empire.Configuration;
using Empire.Gateway.Requests;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Gateway.Tests;

/// <summary>A gateway whose certificate is issued by an authority of its own, with one between the two, and lies as certbot lays it: links of fixed names to numbered files.</summary>
public class CertifiedGateway : GatewayApp
{
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private int issued;

    public override TestClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public int Port { get; } = FreePort();
    public Authority Authority { get; } = new();

    /// <summary>How long the first certificate holds.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromDays(90);

    public string Chain => Path.Combine(folder, "fullchain.pem");
    public string Key => Path.Combine(folder, "privkey.pem");

    protected override IEnumerable<KeyValuePair<string, string>> Settings
    {
        get
        {
            Renew(Authority.Issue("first", Clock.GetUtcNow(), Life));
            return [new("Gateway:CertificatePath", Chain), new("Gateway:CertificateKeyPath", Key), new("HTTPS_PORT", $"{Port}")];
        }
    }

    public IEnumerable<string> Said => Log.Of(typeof(ServerCertificate).FullName!);

    /// <summary>New files, and links turned to them, each in one step.</summary>
    public void Renew(Issued certificate)
    {
        var number = ++issued;
        foreach (var (link, text) in new[] { (Chain, certificate.Chain), (Key, certificate.Key) })
        {
            var file = $"{link}.{number}";
            File.WriteAllText(file, text);
            File.CreateSymbolicLink($"{link}.new", file);
            File.Move($"{link}.new", link, overwrite: true);
        }
    }

    /// <summary>Over what is there.</summary>
    public void Overwrite(Issued certificate)
    {
        File.WriteAllText(Chain, certificate.Chain);
        File.WriteAllText(Key, certificate.Key);
    }

    /// <summary>A minute later.</summary>
    public void Wait() => Clock.Advance(TimeSpan.FromMinutes(1));

    /// <returns>The name in the certificate that is shown to who connects now; the root alone is known to them.</returns>
    public async Task<string> ShownAsync()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(Authority.Trust());
        return tls.RemoteCertificate!.Subject["CN=".Length..];
    }

    public async Task<(string Status, string Reason)> JudgedAsync()
    {
        using var client = ClientFor(null);
        using var answer = await client.GetAsync("/health");
        var check = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("certificate");
        return (check.GetProperty("status").GetString()!, check.GetProperty("reason").GetString()!);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Authority.Dispose();
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

/// <summary>A certificate that was given out.</summary>
/// <param name="Chain">PEM: its own, then the authority's that signed it.</param>
/// <param name="Key">PEM.</param>
/// <param name="Pkcs12">All of it in one, under the word "word".</param>
public sealed record Issued(string Chain, string Key, byte[] Pkcs12);

/// <summary>A root that clients know, and below it the authority that signs, which none knows.</summary>
public sealed class Authority : IDisposable
{
    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), signingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root, signing;

    public Authority()
    {
        var now = TimeProvider.System.GetUtcNow();
        root = Request("root", rootKey, authority: true).CreateSelfSigned(now.AddDays(-400), now.AddDays(4000));
        using var made = Request("between", signingKey, authority: true).Create(root, now.AddDays(-399), now.AddDays(3000), [1]);
        signing = made.CopyWithPrivateKey(signingKey);
    }

    public Issued Issue(string name, DateTimeOffset from, TimeSpan life, string use = "1.3.6.1.5.5.7.3.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key, authority: false);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        using var made = request.Create(signing, from, from + life, RandomNumberGenerator.GetBytes(8));
        using var own = made.CopyWithPrivateKey(key);
        using var above = X509CertificateLoader.LoadCertificate(signing.RawData);
        return new($"{made.ExportCertificatePem()}\n{signing.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem(), new X509Certificate2Collection { own, above }.Export(X509ContentType.Pkcs12, "word")!);
    }

    public SslClientAuthenticationOptions Trust() => new()
    {
        TargetHost = "localhost",
        CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,   // the gateway's clock is the test's
        },
    };

    public void Dispose()
    {
        foreach (var held in (IDisposable[])[root, signing, rootKey, signingKey]) held.Dispose();
    }

    private static CertificateRequest Request(string name, ECDsa key, bool authority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, critical: true));
        if (authority) return request;
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}

/// <summary>GWY-08: a certificate is renewed under the running gateway.</summary>
public sealed class CertificateTests(CertifiedGateway app) : IClassFixture<CertifiedGateway>
{
    private static readonly Marshaller<string> Text = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
    private static readonly Method<string, string> Echo = new(MethodType.DuplexStreaming, "empire.telemetry.Telemetry", "Ingest", Text, Text);
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("turned")]
    [InlineData("overwritten")]
    public async Task A_renewed_certificate_is_shown_within_a_minute_with_what_leads_to_its_root_and_cuts_nobody_off(string how)
    {
        await ShowAsync($"before-{how}");
        using var handler = new SocketsHttpHandler { SslOptions = app.Authority.Trust() };
        using var channel = GrpcChannel.ForAddress($"https://localhost:{app.Port}", new() { HttpHandler = handler });
        using var stream = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Echo, null, new(new Metadata { { "authorization", $"Bearer {StubServices.MemberKey}" } }, cancellationToken: ct));
        await EchoedAsync("before");

        var renewed = app.Authority.Issue(how, app.Clock.GetUtcNow(), TimeSpan.FromDays(90));
        if (how == "turned") app.Renew(renewed);
        else app.Overwrite(renewed);
        app.Wait();
        await Eventually.EqualAsync(how, app.ShownAsync);
        await EchoedAsync("after");   // on the connection of before
        await stream.RequestStream.CompleteAsync();

        using var others = new SocketsHttpHandler { SslOptions = app.Authority.Trust() };
        using var client = new HttpClient(others) { BaseAddress = new($"https://localhost:{app.Port}"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.GetAsync("/health/live", ct);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));

        async Task EchoedAsync(string text)
        {
            await stream.RequestStream.WriteAsync(text, ct);
            Assert.True(await stream.ResponseStream.MoveNext(ct));
            Assert.Equal(text, stream.ResponseStream.Current);
        }
    }

    [Theory]
    [InlineData("half of its own")]
    [InlineData("half of the authority's")]
    [InlineData("empty")]
    [InlineData("gone")]
    [InlineData("another's key")]
    [InlineData("no key")]
    [InlineData("over")]
    [InlineData("for mail")]
    public async Task A_file_that_cannot_be_shown_leaves_the_one_before_and_is_named_in_the_log_until_it_is_whole(string fault)
    {
        var name = $"good-{fault.Replace(' ', '-').Replace('\'', '-')}";
        await ShowAsync(name);
        var now = app.Clock.GetUtcNow();
        var renewed = app.Authority.Issue($"new-{name}", now, TimeSpan.FromDays(90));
        var end = renewed.Chain.IndexOf("-----END", StringComparison.Ordinal);
        switch (fault)
        {
            case "half of its own": app.Overwrite(renewed with { Chain = renewed.Chain[..(end / 2)] }); break;
            case "half of the authority's": app.Overwrite(renewed with { Chain = renewed.Chain[..(end + 200)] }); break;
            case "empty": app.Overwrite(renewed with { Chain = "" }); break;
            case "gone": File.Delete(app.Chain); break;
            case "another's key": File.WriteAllText(app.Chain, renewed.Chain); break;   // the other file is still to come
            case "no key": app.Overwrite(renewed with { Key = "" }); break;
            case "over": app.Overwrite(app.Authority.Issue("over", now.AddDays(-100), TimeSpan.FromDays(90))); break;
            case "for mail": app.Overwrite(app.Authority.Issue("mail", now, TimeSpan.FromDays(90), use: "1.3.6.1.5.5.7.3.4")); break;
        }
        var lines = app.Said.Count();
        app.Wait();
        await Eventually.TrueAsync(() => app.Said.Skip(lines).Any(line => line.Contains(app.Chain, StringComparison.Ordinal) && line.Contains("cannot be shown", StringComparison.Ordinal)));
        app.Wait();
        Assert.Equal(name, await app.ShownAsync());
        var (status, reason) = await app.JudgedAsync();
        Assert.Equal("degraded", status);
        Assert.DoesNotContain(Path.GetDirectoryName(app.Chain)!, reason, StringComparison.Ordinal);
        Assert.Single(app.Said.Skip(lines));   // said once, not at each look

        app.Overwrite(renewed);
        app.Wait();
        await Eventually.EqualAsync($"new-{name}", app.ShownAsync);
        Assert.Equal("healthy", (await app.JudgedAsync()).Status);
    }

    [Fact]
    public async Task One_that_is_about_to_end_is_a_warning_each_day_in_the_log_and_on_health()
    {
        await using var forgotten = new CertifiedGateway { Life = TimeSpan.FromDays(20) };
        await forgotten.InitializeAsync();
        Assert.Equal("healthy", (await forgotten.JudgedAsync()).Status);
        Assert.DoesNotContain(forgotten.Said, IsWarning);
        forgotten.Clock.Advance(TimeSpan.FromDays(6) + TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => forgotten.Said.Any(IsWarning));
        Assert.Equal("degraded", (await forgotten.JudgedAsync()).Status);
        forgotten.Wait();
        Assert.Single(forgotten.Said, IsWarning);
        forgotten.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.EqualAsync(2, () => Task.FromResult(forgotten.Said.Count(IsWarning)));
        forgotten.Clock.Advance(TimeSpan.FromDays(13));
        Assert.Equal("unhealthy", (await forgotten.JudgedAsync()).Status);
        Assert.Equal("first", await forgotten.ShownAsync());   // better than none: the client decides

        forgotten.Renew(forgotten.Authority.Issue("at last", forgotten.Clock.GetUtcNow(), TimeSpan.FromDays(90)));
        forgotten.Wait();
        await Eventually.EqualAsync("at last", forgotten.ShownAsync);
        Assert.Equal("healthy", (await forgotten.JudgedAsync()).Status);

        bool IsWarning(string line) => line.Contains(forgotten.Chain, StringComparison.Ordinal) && line.Contains("was not renewed", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pkcs12_is_renewed_as_well_and_half_of_it_is_not_shown()
    {
        await using var gateway = new Pkcs12Gateway();
        await gateway.InitializeAsync();
        Assert.Equal("first", await gateway.ShownAsync());
        var renewed = gateway.Authority.Issue("second", gateway.Clock.GetUtcNow(), TimeSpan.FromDays(90)).Pkcs12;
        await File.WriteAllBytesAsync(gateway.File, renewed[..(renewed.Length / 2)], ct);
        gateway.Wait();
        await Eventually.TrueAsync(() => gateway.Said.Any(line => line.Contains(gateway.File, StringComparison.Ordinal) && line.Contains("cannot be shown", StringComparison.Ordinal)));
        Assert.Equal("first", await gateway.ShownAsync());
        await File.WriteAllBytesAsync(gateway.File, renewed, ct);
        gateway.Wait();
        await Eventually.EqualAsync("second", gateway.ShownAsync);
    }

    [Fact]
    public async Task A_gateway_does_not_start_with_half_a_certificate_and_says_which()
    {
        await using var broken = new Pkcs12Gateway { Broken = true };
        var e = await Assert.ThrowsAsync<StartupException>(async () => await broken.InitializeAsync());
        Assert.Contains(broken.File, e.Message, StringComparison.Ordinal);
        Assert.Contains("Gateway:CertificatePath", e.Message, StringComparison.Ordinal);
    }

    private async Task ShowAsync(string name)
    {
        app.Renew(app.Authority.Issue(name, app.Clock.GetUtcNow(), TimeSpan.FromDays(90)));
        app.Wait();
        await Eventually.EqualAsync(name, app.ShownAsync);
    }

    private sealed class Pkcs12Gateway : CertifiedGateway
    {
        public bool Broken { get; init; }

        public string File => Path.ChangeExtension(Chain, "pfx");

        protected override IEnumerable<KeyValuePair<string, string>> Settings
        {
            get
            {
                var first = Authority.Issue("first", Clock.GetUtcNow(), Life).Pkcs12;
                System.IO.File.WriteAllBytes(File, Broken ? first[..(first.Length / 2)] : first);
                return [new("Gateway:CertificatePath", File), new("Gateway:CertificatePassword", "word"), new("HTTPS_PORT", $"{Port}")];
            }
        }
    }
}
