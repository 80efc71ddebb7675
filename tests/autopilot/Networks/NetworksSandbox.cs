extern alias Sandbox;

using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Empire.Autopilot.Tests.Networks;

/// <summary>The whole sandbox on a real port, with a journal of its own.</summary>
public sealed class NetworksSandbox : WebApplicationFactory<Sandbox::Program>
{
    private readonly string folder = Directory.CreateTempSubdirectory("autopilot-sandbox").FullName;

    public NetworksSandbox() => UseKestrel();

    public Uri Address => ClientOptions.BaseAddress;

    public void Start() => StartServer();

    /// <summary>Every request to a network meets the fault from now on.</summary>
    public async Task BreakAsync(string network, string fault)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var armed = await client.PostAsJsonAsync("/control/faults", new { match = new { provider = network }, kind = fault, count = 1_000 });
        armed.EnsureSuccessStatusCode();
    }

    public async Task MendAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        (await client.DeleteAsync("/control/faults")).EnsureSuccessStatusCode();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("HTTP_PORT", "0"); // any; UseKestrel(0) is late where the program is faster than the factory
        builder.UseSetting("Sandbox:Data", folder);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
