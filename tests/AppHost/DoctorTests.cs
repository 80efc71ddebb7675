using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Empire.AppHost.Tests;

/// <summary><c>./empire doctor</c> against real servers and providers that say yes, no, or nothing.</summary>
public sealed partial class DoctorTests
{
    private const string Key = "sk_live_51secretsecretsecret";

    [Fact]
    public async Task Without_keys_or_servers_nothing_fails_and_every_skip_says_why()
    {
        using var program = new AppHostProgram();
        var (exit, output, _) = await program.RunAsync("doctor");
        Assert.True(exit == 0, output);
        Assert.Contains("skip X             X_ACCESS_TOKEN is not set: the sandbox plays it.", output, StringComparison.Ordinal);
        Assert.Contains("skip postgres", output, StringComparison.Ordinal);
        Assert.Contains("skip gateway       Empire is not running", output, StringComparison.Ordinal);
        Assert.Contains("skip certificate   Gateway__CertificatePath is not set", output, StringComparison.Ordinal);
        Assert.Contains("pass disk", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_off_is_neither_good_nor_bad_and_is_not_asked()
    {
        using var program = new AppHostProgram();
        using var x = new TcpListener(IPAddress.Loopback, 0);
        x.Start();
        program.WriteDotEnv("X_ACCESS_TOKEN=Off\n");
        (program["STRIPE_SECRET_KEY"], program["Providers__X__BaseAddress"]) = ("off", $"http://{x.LocalEndpoint}");
        var (exit, output, _) = await program.RunAsync("doctor");
        Assert.True(exit == 0, output);
        Assert.Contains("skip X             Switched off by X_ACCESS_TOKEN.", output, StringComparison.Ordinal);
        Assert.Contains("skip Stripe        Switched off by STRIPE_SECRET_KEY.", output, StringComparison.Ordinal);
        Assert.False(x.Pending());
        program["NOWPAYMENTS_API_KEY"] = "off";
        (exit, output, _) = await program.RunAsync("doctor");
        Assert.Equal(1, exit);
        Assert.Contains("fail NowPayments   NOWPAYMENTS_API_KEY is off, and Empire does not start without NowPayments.", output, StringComparison.Ordinal);
    }

    /// <summary>A key that is forgotten there would have tests charge real cards and post to real followers.</summary>
    [Fact]
    public async Task Tests_run_without_any_key_that_makes_a_provider_live()
    {
        using var program = new AppHostProgram();
        var (_, output, _) = await program.RunAsync("doctor");
        var live = Variable().Matches(string.Join('\n', output.Split('\n').Where(line => line.Contains("not set", StringComparison.Ordinal)))).Select(match => match.Value).ToList();
        Assert.True(live.Count >= 12, output);
        var script = await File.ReadAllTextAsync(Path.Combine(AppHostProgram.Root, "empire"));
        var taken = string.Join(' ', script.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("unset ", StringComparison.Ordinal))).Split(' ');
        Assert.Empty(live.Except(taken));
        Assert.Empty(((string[])["ConnectionStrings__postgres", "ConnectionStrings__redis", "ConnectionStrings__messaging", "DATABASE_URL", "REDIS_URL"]).Except(taken));
    }

    [Fact]
    public async Task A_good_key_passes_and_a_refused_one_fails_with_the_provider_s_words_but_never_the_key()
    {
        await using var provider = await ProviderAsync(context => context.Request.Path.Value switch
        {
            "/stripe/v1/account" => Results.Json(new { error = new { message = $"Invalid API Key provided: {Key}" } }, statusCode: 401),
            "/openai/models" when context.Request.Headers.Authorization == $"Bearer {Key}-openai" => Results.Json(new { data = Array.Empty<string>() }),
            "/anthropic/v1/models" when context.Request.Headers["x-api-key"] == Key => Results.Json(new { data = Array.Empty<string>() }),
            "/github/rate_limit" => Results.Text("<html>\nout of order</html>", statusCode: 503),
            _ => Results.NotFound(),
        });
        using var program = new AppHostProgram();
        var address = Address(provider);
        program["STRIPE_SECRET_KEY"] = Key;
        program["Providers__Stripe__BaseAddress"] = $"{address}/stripe";
        program["ANTHROPIC_API_KEY"] = Key;
        program["Providers__Anthropic__BaseAddress"] = $"{address}/anthropic/";
        program["GITHUB_TOKEN"] = "ghp_secretsecretsecret";
        program["Providers__GitHub__BaseAddress"] = $"{address}/github";
        program["X_ACCESS_TOKEN"] = "x-secret-token";
        program["Providers__X__BaseAddress"] = $"http://127.0.0.1:{ClosedPort()}";
        program["MEADOW_TOKEN"] = "meadow-secret-token";
        program.WriteDotEnv($"OPENAI_API_KEY={Key}-openai\nProviders__OpenAI__BaseAddress={address}/openai\n");

        var (exit, output, error) = await program.RunAsync("doctor", "--json");

        Assert.Equal(1, exit);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.False(report.GetProperty("healthy").GetBoolean());
        var checks = report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => (Outcome: c.GetProperty("outcome").GetString(), Reason: c.GetProperty("reason").GetString()!));
        Assert.Equal("pass", checks["OpenAI"].Outcome);
        Assert.Equal("pass", checks["Anthropic"].Outcome);
        Assert.Equal("fail", checks["Stripe"].Outcome);
        Assert.Equal("127.0.0.1 refuses the key in STRIPE_SECRET_KEY (401): Invalid API Key provided: ***", checks["Stripe"].Reason);
        Assert.Equal(("fail", "127.0.0.1 answers 503: <html> out of order</html>"), checks["GitHub"]);
        Assert.Equal("fail", checks["X"].Outcome);
        Assert.Contains("refused", checks["X"].Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("fail", "MEADOW_TOKEN is set, so Providers__Meadow__BaseAddress must be too."), checks["Meadow"]);
        foreach (var secret in (string[])[Key, "ghp_secretsecretsecret", "x-secret-token", "meadow-secret-token"]) Assert.DoesNotContain(secret, output + error, StringComparison.Ordinal);
    }

    /// <summary>Nothing leaves this machine: the way out is a proxy of the test's own, which only hears whom it is asked for.</summary>
    [Theory]
    [InlineData("true", "api-sandbox.nowpayments.io:443")]
    [InlineData("false", "api.nowpayments.io:443")]
    public async Task NOWPAYMENTS_SANDBOX_asks_their_test_network(string sandbox, string host)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        using var program = new AppHostProgram();
        (program["NOWPAYMENTS_API_KEY"], program["NOWPAYMENTS_SANDBOX"]) = ("key", sandbox);
        foreach (var variable in (string[])["HTTPS_PROXY", "https_proxy"]) program[variable] = $"http://{proxy.LocalEndpoint}";
        foreach (var variable in (string[])["NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"]) program[variable] = "";
        var running = program.RunAsync("doctor");
        using (var asked = await proxy.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        using (var reader = new StreamReader(asked.GetStream()))
            Assert.Equal($"CONNECT {host} HTTP/1.1", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        proxy.Stop();
        var (exit, output, _) = await running;
        Assert.True(exit == 1 && output.Contains("fail NowPayments", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task Servers_of_one_s_own_are_logged_in_to()
    {
        var wrong = new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Username = "nobody_of_that_name", Password = "wrong-password" };
        using var program = new AppHostProgram();
        program["ConnectionStrings__postgres"] = TestServers.Postgres;
        program["ConnectionStrings__redis"] = TestServers.Redis;
        program["ConnectionStrings__messaging"] = TestServers.RabbitMq;
        var (exit, output, _) = await program.RunAsync("doctor");
        Assert.True(exit == 0, output);
        foreach (var server in (string[])["pass postgres", "pass redis", "pass messaging"]) Assert.Contains(server, output, StringComparison.Ordinal);

        // Under the names of older set-ups too.
        var own = new NpgsqlConnectionStringBuilder(TestServers.Postgres);
        using var older = new AppHostProgram();
        older["DATABASE_URL"] = $"postgresql://{Uri.EscapeDataString(own.Username!)}:{Uri.EscapeDataString(own.Password ?? "")}@{own.Host}:{own.Port}/postgres?sslmode=disable";
        older["REDIS_URL"] = $"redis://{TestServers.Redis}/0";
        (exit, output, _) = await older.RunAsync("doctor");
        Assert.True(exit == 0, output);
        foreach (var server in (string[])["pass postgres", "pass redis"]) Assert.Contains(server, output, StringComparison.Ordinal);

        program["ConnectionStrings__postgres"] = wrong.ConnectionString;
        program["ConnectionStrings__redis"] = $"127.0.0.1:{ClosedPort()}";
        (exit, output, _) = await program.RunAsync("doctor");
        Assert.Equal(1, exit);
        Assert.Contains("fail postgres      28P01: password authentication failed for user \"nobody_of_that_name\"", output, StringComparison.Ordinal);
        Assert.Contains("fail redis", output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90, true, "pass certificate   CN=shop.example.test until ")]
    [InlineData(13, true, "was not renewed.")]
    [InlineData(-1, true, "was not renewed.")]
    [InlineData(90, false, "fail certificate ")]   // the key is another's
    public async Task The_gateway_s_certificate_is_looked_at_before_it_ends(int days, bool own, string said)
    {
        using var program = new AppHostProgram();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=shop.example.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-100), now.AddDays(days));
        (program["Gateway__CertificatePath"], program["Gateway__CertificateKeyPath"]) = (Path.Combine(program.Home, "tls.crt"), Path.Combine(program.Home, "tls.key"));
        await File.WriteAllTextAsync(Path.Combine(program.Home, "tls.crt"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(program.Home, "tls.key"), (own ? key : other).ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var (exit, output, _) = await program.RunAsync("doctor");
        Assert.Equal(days > 14 && own ? 0 : 1, exit);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_without_encryption_is_given_no_password()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var heard = HearAsync(listener);
        using var program = new AppHostProgram();
        program["MAIL_SERVER"] = "127.0.0.1";
        program["MAIL_PORT"] = $"{((IPEndPoint)listener.LocalEndpoint).Port}";
        program["SENDER_EMAIL"] = "shop@example.test";
        program["SENDER_PASSWORD"] = "mail-secret-word";
        var (exit, output, _) = await program.RunAsync("doctor");
        Assert.Equal(1, exit);
        Assert.Contains("offers no STARTTLS", output, StringComparison.Ordinal);
        Assert.Equal("EHLO empire", (await heard).Trim());
        Assert.DoesNotContain("mail-secret-word", output, StringComparison.Ordinal);
    }

    private static async Task<string> HearAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        await stream.WriteAsync("220 mail.example.test ready\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync() ?? "";
        await stream.WriteAsync("250-mail.example.test\r\n250 AUTH PLAIN\r\n"u8.ToArray());
        return line + await reader.ReadToEndAsync();
    }

    private static async Task<WebApplication> ProviderAsync(Func<HttpContext, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapFallback((HttpContext context) => answer(context));
        await app.StartAsync();
        return app;
    }

    private static string Address(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("[A-Z]+(?:_[A-Z]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
