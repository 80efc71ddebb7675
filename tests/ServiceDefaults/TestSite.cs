using System.Security.Cryptography;
using Empire.Http;
using Empire.Tests.Effects;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests;

/// <summary>A small service on the shared defaults, listening on a port of its own.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public static readonly string InternalKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly WebApplication app;
    private readonly List<HttpClient> clients = [];

    private TestSite(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;
    public Uri Address => new(app.Urls.First());
    /// <summary>Where it speaks gRPC, if it was given <c>--GRPC_PORT=0</c>.</summary>
    public Uri GrpcAddress => new(app.Urls.Last());
    public TenantId Tenant { get; } = TenantId.New(TimeProvider.System.GetUtcNow());

    /// <param name="settings">As on a command line: <c>--LOG_LEVEL=DEBUG</c>.</param>
    public static async Task<TestSite> StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? add = null, params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Letter).Assembly.GetName().Name,
            EnvironmentName = "Development",
            Args = ["--HTTP_PORT=0", $"--Empire:InternalKey={InternalKey}", "--LOG_LEVEL=WARNING", .. settings],
        });
        builder.AddServiceDefaults("shop");
        add?.Invoke(builder);
        var site = builder.Build();
        site.MapServiceDefaults();
        map(site);
        await site.StartAsync();
        return new(site);
    }

    /// <summary>Without a caller.</summary>
    public HttpClient Anonymous() => Client(null);

    /// <summary>With a caller of <see cref="Tenant"/>.</summary>
    public HttpClient As(string role = "owner", bool isOperator = false, TenantId? tenant = null, string actor = "user:test") =>
        Client(Services.GetRequiredService<CallerToken>().Sign(new(tenant ?? Tenant, actor, role, isOperator)));

    public HttpClient Client(string? callerToken)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (callerToken is not null) client.DefaultRequestHeaders.Add(CallerToken.Header, callerToken);
        clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
