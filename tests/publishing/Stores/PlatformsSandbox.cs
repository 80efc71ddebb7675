extern alias Sandbox;

using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Empire.Publishing.Tests.Stores;

/// <summary>The whole sandbox on a real port, with a journal of its own.</summary>
public sealed class PlatformsSandbox : WebApplicationFactory<Sandbox::Program>
{
    private readonly string folder = Directory.CreateTempSubdirectory("publishing-sandbox").FullName;

    public PlatformsSandbox() => UseKestrel();

    public Uri Address => ClientOptions.BaseAddress;

    public void Start() => StartServer();

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
