using System.Security.Cryptography;
using Empire.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Empire.Gateway.Tests;

/// <summary>The gateway in memory before services over real sockets; autopilot's address answers to nobody.</summary>
public sealed class GatewayApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    public StubServices Behind { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Behind = await StubServices.StartAsync();
        _ = Server;
    }

    public HttpClient ClientFor(string? key)
    {
        var client = CreateClient();
        if (key is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Empire:InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        builder.UseSetting("ConnectionStrings:redis", TestServers.Redis);
        builder.UseSetting("services:identity:grpc:0", Behind.Grpc);
        foreach (var service in (string[])["identity", "content", "publishing", "analytics"]) builder.UseSetting($"services:{service}:http:0", Behind.Http);
        builder.UseSetting("services:autopilot:http:0", "http://127.0.0.1:9");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Behind.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
