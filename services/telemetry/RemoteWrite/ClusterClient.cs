using System.Net;
using System.Net.Http.Headers;
using IronSnappy;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.RemoteWrite;

/// <summary>What the cluster said to a request.</summary>
/// <param name="Refusal">Why it will never take it; null where it took it or may take it later.</param>
/// <param name="RetryAfter">How long it asks to wait; null: it did not say.</param>
internal sealed record ClusterAnswer(bool Taken, string? Refusal = null, TimeSpan? RetryAfter = null, string Detail = "");

/// <summary>Prometheus remote write 1.0: a protobuf message, compressed as one snappy block. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/, read 2026-11-21.</summary>
internal sealed class ClusterClient(IHttpClientFactory clients, IOptions<RemoteWriteOptions> options, TimeProvider clock)
{
    public const string Name = "remote-write";

    /// <returns>Also for an answer that never came: then it may be taken later.</returns>
    public async Task<ClusterAnswer> SendAsync(byte[] request, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, options.Value.Url) { Content = new ByteArrayContent(Snappy.Encode(request)) };
        message.Content.Headers.ContentType = new("application/x-protobuf");
        message.Content.Headers.ContentEncoding.Add("snappy");
        message.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        if (options.Value.BearerToken is { Length: > 0 } token) message.Headers.Authorization = new("Bearer", token);
        if (options.Value.OrgId is { Length: > 0 } org) message.Headers.Add("X-Scope-OrgID", org);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Value.Timeout);
        try
        {
            using var client = clients.CreateClient(Name);
            using var answer = await client.SendAsync(message, patience.Token);
            if (answer.IsSuccessStatusCode) return new(true);
            var detail = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(patience.Token)}".Trim();
            if ((int)answer.StatusCode >= 500 || answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) return new(false, null, After(answer.Headers.RetryAfter), detail);
            // Who may not, or is at the wrong door, is set right by the operator: nothing is wrong with the samples.
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound || (int)answer.StatusCode < 400) return new(false, null, null, detail);
            return new(false, detail, null, detail);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new(false, null, null, e.Message);
        }
    }

    private TimeSpan? After(RetryConditionHeaderValue? told) => told?.Delta ?? (told?.Date is { } date ? date - clock.GetUtcNow() : null);
}
