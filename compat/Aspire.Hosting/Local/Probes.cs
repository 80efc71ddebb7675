using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>Asks each replica over HTTP; the model's own way to say it is <see cref="ResourceBuilderExtensions.WithHttpHealthCheck"/>.</summary>
internal sealed record HttpProbeAnnotation(EndpointAnnotation Endpoint, string Path, int StatusCode) : IResourceAnnotation;

/// <summary>Finds out whether a replica does its work, by every way its resource names, or by a mere TCP connection where it names none.</summary>
internal sealed class Probes(HealthCheckService checks) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <returns>Null when healthy, otherwise what is wrong in one line.</returns>
    public async Task<string?> AskAsync(IResource resource, int replica, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            var asked = false;
            foreach (var probe in resource.Annotations.OfType<HttpProbeAnnotation>())
            {
                asked = true;
                if (await AskHttpAsync(probe, replica, patience.Token) is { } trouble) return trouble;
            }
            if (resource.TryGetLastAnnotation<NativeServerAnnotation>(out var server))
            {
                asked = true;
                if (await server.ProbeAsync(patience.Token) is { } trouble) return trouble;
            }
            var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet();
            if (keys.Count > 0)
            {
                var report = await checks.CheckHealthAsync(registration => keys.Contains(registration.Name), patience.Token);
                return keys.Except(report.Entries.Keys).FirstOrDefault() is { } unknown ? $"no health check is registered as '{unknown}'"
                    : report.Status == HealthStatus.Healthy ? null
                    : string.Join("; ", report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => $"{e.Key}: {e.Value.Description ?? e.Value.Exception?.Message ?? e.Value.Status.ToString()}"));
            }
            if (!asked) foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>()) await ConnectAsync(endpoint.Allocated[replica], patience.Token);
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return e.Message;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> AskHttpAsync(HttpProbeAnnotation probe, int replica, CancellationToken ct)
    {
        var address = new Uri(new Uri(probe.Endpoint.Allocated[replica].UriString), probe.Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (probe.Endpoint.Transport == "http2") (request.Version, request.VersionPolicy) = (new Version(2, 0), HttpVersionPolicy.RequestVersionExact);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        return (int)response.StatusCode == probe.StatusCode ? null : $"{probe.Path} answered {(int)response.StatusCode}";
    }

    private static async Task ConnectAsync(AllocatedEndpoint address, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Address, address.Port, ct);
    }
}
