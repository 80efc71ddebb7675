using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Empire.Bench.Gateway;

/// <summary>What stands behind both proxies: a Kestrel that answers a few hundred bytes of JSON and knows nothing.</summary>
internal sealed class BareService : IAsyncDisposable
{
    private static readonly byte[] Body = System.Text.Encoding.UTF8.GetBytes($$"""{"data":["{{new string('x', 300)}}"],"next_cursor":null}""");

    private readonly WebApplication app;

    private BareService(WebApplication app) => this.app = app;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<BareService> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var service = builder.Build();
        service.MapGet("/{**path}", async (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Body.Length;
            await context.Response.Body.WriteAsync(Body, context.RequestAborted);
        });
        await service.StartAsync(ct);
        return new(service);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
