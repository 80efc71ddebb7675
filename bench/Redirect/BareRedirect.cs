using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Empire.Bench.Redirect;

/// <summary>The floor: Kestrel with one route that answers 302 and knows nothing.</summary>
internal sealed class BareRedirect : IAsyncDisposable
{
    private readonly WebApplication app;

    private BareRedirect(WebApplication app) => this.app = app;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<BareRedirect> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var bare = builder.Build();
        bare.MapGet("/r/{code}", (HttpContext context) =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = "https://shop.example/p/1?color=red&utm_source=empire&utm_medium=affiliate&utm_campaign=always-on&subid=0199f3a0b0c07000800000000000abcd";
            return Task.CompletedTask;
        });
        await bare.StartAsync(ct);
        return new(bare);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
