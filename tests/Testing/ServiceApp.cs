using System.Security.Cryptography;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Empire.Testing;

/// <summary>One service in memory on real servers: a fresh database, its own queues on the shared broker, callers signed as the gateway signs them.
/// Derive a fixture from it: <c>public sealed class ContentApp() : ServiceApp&lt;Program&gt;("content");</c></summary>
/// <param name="service">The name given to <c>AddServiceDefaults</c> and <c>AddDatabase</c>.</param>
public abstract class ServiceApp<TProgram>(string service) : WebApplicationFactory<TProgram>, IAsyncLifetime where TProgram : class
{
    private readonly string prefix = $"t{Guid.CreateVersion7():n}.";
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(1);
    private TestDatabase? database;

    /// <summary>What the service's own code works with.</summary>
    public Database Database => TestDatabase.Database;

    public TestDatabase TestDatabase => database ?? throw new InvalidOperationException("The fixture is not initialised.");

    /// <summary>The tenant of tests that need only one.</summary>
    public TenantId Tenant { get; } = TenantId.New(TimeProvider.System.GetUtcNow());

    /// <summary>Give one to run the service on a clock that the test moves; null runs it on the machine's.</summary>
    public virtual TestClock? Clock => null;

    /// <summary>On ports of its own, HTTP first and gRPC second, for other processes' sake; by default in memory.</summary>
    protected virtual bool OnSockets => false;

    /// <summary>Settings beside the connection strings, as <c>Providers:X:BaseAddress</c>. Called once, after the database exists.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    /// <summary>The emulators a provider needs are replaced here; nothing of our own is.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(service, typeof(TProgram).Assembly, Clock ?? TimeProvider.System);
        if (!OnSockets)
        {
            _ = Server; // starts it
            return;
        }
        UseKestrel();
        StartServer();
    }

    /// <summary>A client whose every request carries a freshly signed caller of this tenant.</summary>
    /// <param name="tier">Of the account; null where the test does not care.</param>
    /// <param name="runsInstallation">Whether the caller is one of those who run the installation.</param>
    public HttpClient ClientFor(TenantId tenant, string role = "owner", string actor = "user:test", string? tier = null, bool runsInstallation = false) =>
        CreateDefaultClient(new SigningHandler(this, new(tenant, actor, role, runsInstallation, tier)));

    /// <summary>A client of <see cref="Tenant"/>, its owner.</summary>
    public HttpClient OwnerClient() => ClientFor(Tenant);

    /// <summary>The header value that proves a caller, for gRPC calls and hand-made requests.</summary>
    public string CallerTokenFor(TenantId tenant, string role = "owner", string actor = "user:test") =>
        Services.GetRequiredService<CallerToken>().Sign(new(tenant, actor, role));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting($"ConnectionStrings:{service}", TestDatabase.ConnectionString);
        builder.UseSetting("ConnectionStrings:messaging", TestServers.RabbitMq);
        builder.UseSetting("ConnectionStrings:redis", TestServers.Redis);
        builder.UseSetting("Messaging:Prefix", prefix);
        builder.UseSetting("Empire:InternalKey", TestServers.InternalKey);
        builder.UseSetting("Empire:InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        builder.UseSetting("Empire:EncryptionKeys", KeyRotation.TwoKeys());
        if (OnSockets) builder.UseSetting("HTTP_PORT", "0").UseSetting("GRPC_PORT", "0");
        foreach (var (key, value) in Settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            if (Clock is { } clock) services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            ConfigureServices(services);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        var services = database is null ? null : Services;
        if (services is not null) await TestBroker.CleanAsync(services);
        try
        {
            await base.DisposeAsync().AsTask().WaitAsync(LongestStop);
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync($"{service} did not stop within {LongestStop.TotalSeconds} s and is left behind.");
        }
        if (database is not null) await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private sealed class SigningHandler(ServiceApp<TProgram> app, Caller caller) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove(CallerToken.Header);
            request.Headers.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(caller));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
