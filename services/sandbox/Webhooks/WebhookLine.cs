using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Empire.Sandbox.Faults;

namespace Empire.Sandbox.Webhooks;

/// <summary>One provider's deliveries, one after the other.</summary>
sealed partial class WebhookLine(WebhookChannel channel, FaultBook faults, HttpClient http, SandboxOptions settings, TimeProvider clock, ILogger log)
{
    /// <summary>How long a "reorder" fault holds a webhook back when no other comes to overtake it.</summary>
    static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);
    readonly WebhookQueue queue = channel.Store.Webhooks;
    WebhookQueue.Pending? held;
    DateTimeOffset heldSince;

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (held is not null && clock.GetUtcNow() - heldSince > LongestHold) await ReleaseAsync(ct);
                if (queue.TakeDue() is { } due) await SendAsync(due, ct);
                else await queue.WaitAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTurnFailed(log, channel.Provider, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    async Task SendAsync(WebhookQueue.Pending webhook, CancellationToken ct)
    {
        if (channel.AddressOf(webhook.Webhook) is not { } address)
        {
            queue.Note(webhook, "unaddressed", 0);
            queue.Settle(webhook);
            return;
        }
        var fault = webhook.Attempts == 0 ? faults.Take($"{channel.Provider}-webhook", "POST", $"{address.AbsoluteUri}#{webhook.Webhook.Subject}") : null;
        if (fault?.LatencyMs is > 0 and var latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), clock, ct);
        switch (fault?.Kind)
        {
            case FaultKind.Drop:
                queue.Note(webhook, "dropped", 0);
                queue.Settle(webhook);
                return;
            case FaultKind.Reorder when held is null:
                (held, heldSince) = (webhook, clock.GetUtcNow());
                return;
            case FaultKind.Duplicate:
                queue.Note(webhook, await PostAsync(webhook.Webhook, address, ct), 1);
                await AttemptAsync(webhook, address, ct);
                return;
            default:
                await AttemptAsync(webhook, address, ct);
                await ReleaseAsync(ct);
                return;
        }
    }

    async Task ReleaseAsync(CancellationToken ct)
    {
        if (held is not { } overtaken) return;
        held = null;
        if (channel.AddressOf(overtaken.Webhook) is { } address && queue.IsCurrent(overtaken)) await AttemptAsync(overtaken, address, ct);
    }

    async Task AttemptAsync(WebhookQueue.Pending webhook, Uri address, CancellationToken ct)
    {
        var attempt = webhook.Attempts + 1;
        var outcome = await PostAsync(webhook.Webhook, address, ct);
        queue.Note(webhook, outcome, attempt);
        if (outcome.StartsWith('2') || attempt >= settings.WebhookAttempts)
        {
            if (!outcome.StartsWith('2')) LogGivenUp(log, channel.Provider, webhook.Webhook.Id, attempt, outcome);
            queue.Settle(webhook);
            return;
        }
        queue.PutBack(webhook with { Attempts = attempt, NotBefore = clock.GetUtcNow() + settings.WebhookRetryAfter * Math.Pow(2, attempt - 1) });
    }

    /// <returns>The status code, or "unreachable".</returns>
    async Task<string> PostAsync(Webhook webhook, Uri address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(webhook.Body, Encoding.UTF8, "application/json") };
        channel.Sign(request, webhook, clock.GetUtcNow());
        try
        {
            using var response = await http.SendAsync(request, ct);
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return "unreachable";
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Sending a webhook of {Provider} failed")] private static partial void LogTurnFailed(ILogger log, string provider, Exception e);

    [LoggerMessage(1, LogLevel.Warning, "Webhook {Id} of {Provider} given up after {Attempts} attempts, the last answered {Outcome}")]
    private static partial void LogGivenUp(ILogger log, string provider, string id, int attempts, string outcome);
}
