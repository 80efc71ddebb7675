using System.Net;
using Empire.Gateway.Shared;
using Empire.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Empire.Gateway.Tests;

/// <summary>The gateway on real sockets before stub services, with a Redis of its own; autopilot's address answers to nobody. Each client comes from an address of its own,
/// which the gateway believes because it trusts this machine as a proxy.</summary>
public class GatewayApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    private static int addresses;
    private readonly GatewayApp? twin;

    public GatewayApp() => UseKestrel();

    /// <summary>Another instance of the same gateway: same services, same Redis.</summary>
    protected GatewayApp(GatewayApp twin) : this() => this.twin = twin;

    public StubServices Behind { get; private set; } = null!;
    public OwnRedis Redis { get; private set; } = null!;
    public CapturedLog Log { get; } = new();

    public virtual TestClock? Clock => null;

    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    public Uri Http => AddressOf(0);
    public Uri Http2 => AddressOf(1);

    public async ValueTask InitializeAsync()
    {
        Behind = twin?.Behind ?? await StubServices.StartAsync();
        Redis = twin?.Redis ?? await RedisAsync();
        StartServer();
        try
        {
            await Eventually.TrueAsync(() => !Services.GetRequiredService<SharedState>().IsAway);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{string.Join('\n', Log.Of(typeof(SharedState).FullName!))}", e);
        }
    }

    /// <summary>Disposed with this.</summary>
    protected virtual Task<OwnRedis> RedisAsync() => OwnRedis.StartedAsync();

    protected virtual GatewayApp NewTwin() => new(this);

    /// <summary>A second instance; the caller disposes it.</summary>
    public async Task<GatewayApp> TwinAsync()
    {
        var other = NewTwin();
        await other.InitializeAsync();
        return other;
    }

    public static string NewAddress()
    {
        var number = Interlocked.Increment(ref addresses);
        return $"203.0.{number / 250}.{number % 250 + 1}";
    }

    public HttpClient ClientFor(string? key, string? address = null, HttpMessageHandler? handler = null)
    {
        var client = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Http };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address ?? NewAddress());
        if (key is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("HTTP_PORT", "0");
        builder.UseSetting("GRPC_PORT", "0");
        builder.UseSetting("Empire:InternalKey", TestServers.InternalKey);
        builder.UseSetting("ConnectionStrings:redis", Redis.Address);
        builder.UseSetting("Gateway:TrustedProxies:0", "127.0.0.0/8");
        builder.UseSetting("Gateway:CorsOrigins:0", "https://app.example.com");
        builder.UseSetting("services:identity:grpc:0", Behind.Grpc);
        builder.UseSetting("services:telemetry:grpc:0", Behind.Grpc);
        foreach (var service in (string[])["identity", "content", "publishing", "analytics", "payments", "acquisition", "telemetry"]) builder.UseSetting($"services:{service}:http:0", Behind.Http);
        builder.UseSetting("Gateway:Installed:0", "telemetry");
        builder.UseSetting("services:autopilot:http:0", "http://127.0.0.1:9");
        foreach (var (key, value) in Settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<ILoggerProvider>(Log);
            if (Clock is { } clock) services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (twin is null)
        {
            await Behind.DisposeAsync();
            await Redis.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }

    private Uri AddressOf(int index) => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index).Replace("[::]", IPAddress.Loopback.ToString(), StringComparison.Ordinal));
}
