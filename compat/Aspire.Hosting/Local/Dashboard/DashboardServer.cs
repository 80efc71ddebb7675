using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>The operator page.</summary>
internal sealed class DashboardServer(IOptions<LocalOrchestratorOptions> options)
{
    private WebApplication? _app;

    public async Task<string?> StartAsync(IReadOnlyList<ResourceRunner> runners, CancellationToken ct)
    {
        if (options.Value.DashboardPort is "0" or "off" or "") return null;
        if (!int.TryParse(options.Value.DashboardPort, out var port)) throw new DistributedApplicationException($"LocalOrchestrator:DashboardPort is '{options.Value.DashboardPort}'; it must be a port, or 'off'.");
        if (!PortBook.IsFree(port)) throw new DistributedApplicationException($"Port {port} is in use; set LocalOrchestrator:DashboardPort to another, or to 'off'.");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.MapGet("/", () => Results.Text(string.Join('\n', runners.Select(r => r.Instance))));
        await _app.StartAsync(ct);
        return $"http://127.0.0.1:{port}";
    }

    public async Task StopAsync(CancellationToken ct)
    {
        if (_app is null) return;
        await _app.StopAsync(ct);
        await _app.DisposeAsync();
    }
}
