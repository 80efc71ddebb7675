using Empire.Sandbox.Faults;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Webhooks;

/// <summary>Delivers every provider's webhooks: at least once, retried with doubling waits until 2xx, and misbehaving when the fault book says so.
/// The providers do not wait for each other.</summary>
public sealed class WebhookSender(
    IEnumerable<WebhookChannel> channels, FaultBook faults, HttpClient http, IOptions<SandboxOptions> options, TimeProvider clock, ILogger<WebhookSender> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(channels.Select(c => new WebhookLine(c, faults, http, options.Value, clock, log).RunAsync(stoppingToken)));
}
