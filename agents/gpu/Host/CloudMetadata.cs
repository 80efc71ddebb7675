using System.Net.Sockets;
using System.Text.Json;
using Empire.Contracts.V1;

namespace Empire.GpuAgent.Host;

/// <summary>What a cloud says about the machine; the words are the cloud's own.</summary>
internal sealed record CloudMachine(string Provider, string Region, string InstanceType, bool Spot)
{
    public void AddTo(HostTags host) => (host.Provider, host.Region, host.InstanceType, host.Spot) = (Provider, Region, InstanceType, Spot);
}

/// <summary>Asks the metadata address that AWS (IMDSv2), Google and Azure answer inside their machines. Elsewhere nobody answers, and that is known after <see cref="Patience"/>.</summary>
/// <param name="addressOverride">Where all three are asked instead, for a host that proxies them.</param>
internal sealed class CloudMetadata(TimeProvider clock, Uri? addressOverride = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Uri linkLocal = addressOverride ?? new("http://169.254.169.254");
    private readonly Uri google = addressOverride ?? new("http://metadata.google.internal");

    /// <returns>Null where this is no cloud that is known.</returns>
    public async Task<CloudMachine?> FindAsync(CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience };
        using var http = new HttpClient(handler);
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        var answers = await Task.WhenAll(TryAsync(AwsAsync(http, either.Token)), TryAsync(GoogleAsync(http, either.Token)), TryAsync(AzureAsync(http, either.Token)));
        ct.ThrowIfCancellationRequested();
        return Array.Find(answers, answer => answer is not null && IsName(answer.Region) && IsName(answer.InstanceType));
    }

    private static async Task<CloudMachine?> TryAsync(Task<CloudMachine?> asking)
    {
        try
        {
            return await asking;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException or KeyNotFoundException or IOException or SocketException)
        {
            return null; // not this cloud
        }
    }

    private async Task<CloudMachine?> AwsAsync(HttpClient http, CancellationToken ct)
    {
        var token = await SendAsync(http, HttpMethod.Put, new(linkLocal, "latest/api/token"), ("X-aws-ec2-metadata-token-ttl-seconds", "60"), ct);
        Task<string> Get(string path) => SendAsync(http, HttpMethod.Get, new(linkLocal, $"latest/meta-data/{path}"), ("X-aws-ec2-metadata-token", token), ct);
        var type = await Get("instance-type");
        var region = await Get("placement/region");
        return new("aws", region, type, await Get("instance-life-cycle") == "spot");
    }

    private async Task<CloudMachine?> GoogleAsync(HttpClient http, CancellationToken ct)
    {
        Task<string> Get(string path) => SendAsync(http, HttpMethod.Get, new(google, $"computeMetadata/v1/instance/{path}"), ("Metadata-Flavor", "Google"), ct);
        var type = LastPart(await Get("machine-type")); // projects/1234/machineTypes/a2-highgpu-1g
        var zone = LastPart(await Get("zone"));         // projects/1234/zones/us-central1-a
        var region = zone.LastIndexOf('-') is > 0 and var end ? zone[..end] : zone;
        return new("gcp", region, type, (await Get("scheduling/preemptible")).Equals("true", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<CloudMachine?> AzureAsync(HttpClient http, CancellationToken ct)
    {
        using var compute = JsonDocument.Parse(await SendAsync(http, HttpMethod.Get, new(linkLocal, "metadata/instance/compute?api-version=2021-02-01"), ("Metadata", "true"), ct));
        string Text(string name) => compute.RootElement.GetProperty(name).GetString() ?? "";
        return new("azure", Text("location"), Text("vmSize"), Text("priority") == "Spot");
    }

    private static async Task<string> SendAsync(HttpClient http, HttpMethod method, Uri address, (string Name, string Value) header, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add(header.Name, header.Value);
        using var response = await http.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        var text = (await response.Content.ReadAsStringAsync(ct)).Trim();
        return text.Length is > 0 and <= 8192 ? text : throw new HttpRequestException("The metadata address gave no text of a sensible length.");
    }

    /// <summary>A network's sign-in page answers everything, with HTML.</summary>
    private static bool IsName(string text) => text.Length is > 0 and <= 255 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    private static string LastPart(string path) => path[(path.LastIndexOf('/') + 1)..];
}
