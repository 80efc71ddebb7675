using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Empire.Sandbox.Faults;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Networks;

/// <summary>Tells the publisher about conversions: at least once, retried with doubling waits, and misbehaving when the fault book says so.</summary>
public sealed partial class PostbackSender(
    Postbacks postbacks, PostbackTarget target, FaultBook faults, HttpClient http, IOptions<SandboxOptions> options, TimeProvider clock, ILogger<PostbackSender> log) : BackgroundService
{
    /// <summary>How long a "reorder" fault holds a postback back when no other comes to overtake it.</summary>
    static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    Postbacks.Pending? held;
    DateTimeOffset heldSince;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (held is not null && clock.GetUtcNow() - heldSince > LongestHold) await ReleaseAsync(stoppingToken);
                if (target.IsSet && postbacks.TakeDue() is { } due) await SendAsync(due, stoppingToken);
                else await postbacks.WaitAsync(Tick, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogTurnFailed(log, e);
            }
        }
    }

    async Task SendAsync(Postbacks.Pending postback, CancellationToken ct)
    {
        if (target.For(postback.Conversion.Network) is not { } address)
        {
            postbacks.PutBack(postback); // the target was taken away in this very moment
            return;
        }
        var fault = postback.Attempts == 0 ? faults.Take(Provider.Postback, "POST", address.AbsoluteUri) : null;
        if (fault?.LatencyMs is > 0 and var latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), clock, ct);
        switch (fault?.Kind)
        {
            case FaultKind.Drop:
                postbacks.Note(postback, "dropped", 0);
                postbacks.Settle(postback);
                return;
            case FaultKind.Reorder when held is null:
                (held, heldSince) = (postback, clock.GetUtcNow());
                return;
            case FaultKind.Duplicate:
                await AttemptAsync(postback, address, ct);
                await AttemptAsync(postback, address, ct);
                return;
            default:
                await AttemptAsync(postback, address, ct);
                await ReleaseAsync(ct);
                return;
        }
    }

    async Task ReleaseAsync(CancellationToken ct)
    {
        if (held is not { } overtaken) return;
        held = null;
        if (target.For(overtaken.Conversion.Network) is { } address && postbacks.IsCurrent(overtaken)) await AttemptAsync(overtaken, address, ct);
        else postbacks.PutBack(overtaken);
    }

    async Task AttemptAsync(Postbacks.Pending postback, Uri address, CancellationToken ct)
    {
        var attempt = postback.Attempts + 1;
        var outcome = await PostAsync(postback.Conversion, address, ct);
        postbacks.Note(postback, outcome, attempt);
        if (outcome.StartsWith('2') || attempt >= options.Value.PostbackAttempts)
        {
            if (!outcome.StartsWith('2')) LogGivenUp(log, postback.Conversion.ConversionId, attempt, outcome);
            postbacks.Settle(postback);
            return;
        }
        postbacks.PutBack(postback with { Attempts = attempt, NotBefore = clock.GetUtcNow() + options.Value.PostbackRetryAfter * Math.Pow(2, attempt - 1) });
    }

    /// <returns>The status code, or "unreachable".</returns>
    async Task<string> PostAsync(Conversion conversion, Uri address, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(PostbackBody.Of(conversion), SandboxSetup.JsonWithNulls);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Network-Timestamp", timestamp);
        request.Headers.Add("X-Network-Signature", PostbackBody.Sign(options.Value.SecretOf(conversion.Network) ?? "", timestamp, body));
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

    [LoggerMessage(2, LogLevel.Error, "Sending a postback failed")] private static partial void LogTurnFailed(ILogger log, Exception e);

    [LoggerMessage(1, LogLevel.Warning, "Postback of {ConversionId} given up after {Attempts} attempts, the last answered {Outcome}")]
    private static partial void LogGivenUp(ILogger log, string conversionId, int attempts, string outcome);
}
