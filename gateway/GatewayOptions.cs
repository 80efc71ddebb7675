using System.ComponentModel.DataAnnotations;
using System.Net;
using Empire.Gateway.Requests;

namespace Empire.Gateway;

/// <summary>Section "Gateway".</summary>
internal sealed class GatewayOptions : IValidatableObject
{
    /// <summary>Networks (CIDR) whose X-Forwarded-* and X-Real-IP are believed: the load balancer in front. From anyone else they are dropped.</summary>
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>Origins whose pages may call the API from a browser, as https://app.example.com.</summary>
    public string[] CorsOrigins { get; init; } = [];

    /// <summary>Services whose lines are marked as not built, but which someone has installed: they speak for themselves.</summary>
    public string[] Installed { get; init; } = [];

    /// <summary>Bytes of a request body where a route says nothing else.</summary>
    [Range(1024, 1L << 30)] public long MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Folder of files that are offered under /static beside our own, as the agent's program; null for none. What lies in it is public.</summary>
    public string? DownloadsFolder { get; init; }

    /// <summary>Seconds without progress after which a service is given up; where a model writes meanwhile, at least ten minutes.</summary>
    [Range(1, 3600)] public int RequestTimeoutSeconds { get; init; } = 60;

    /// <summary>Calls of one address without a valid credential (source: seed 001, "200 per day", "50 per hour").</summary>
    [Range(1, 1_000_000)] public int AddressRequestsPerHour { get; init; } = 50;
    [Range(1, 1_000_000)] public int AddressRequestsPerDay { get; init; } = 200;

    /// <summary>Failed credentials and bad signatures of one address within <see cref="BlockWindow"/> that shut it out for <see cref="BlockTime"/>.</summary>
    [Range(1, 1_000_000)] public int FailuresToBlock { get; init; } = 10;
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan BlockWindow { get; init; } = TimeSpan.FromMinutes(10);
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")] public TimeSpan BlockTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an answer to a hot GET is kept. The variable CACHE_TTL sets it too.</summary>
    [Range(0, 86400)] public int CacheSeconds { get; set; } = 300;

    /// <summary>PEM or PKCS#12 file; with it the gateway listens on HTTPS_PORT and sends HTTP there. A renewed one is shown within a minute.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>PEM of the private key, where it is not in the same file.</summary>
    public string? CertificateKeyPath { get; init; }
    public string? CertificatePassword { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in TrustedProxies)
            if (!IPNetwork.TryParse(network, out _)) yield return new($"'{network}' must be a network, as in 10.0.0.0/8.", [nameof(TrustedProxies)]);
        foreach (var origin in CorsOrigins)
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || origin.EndsWith('/'))
                yield return new($"'{origin}' must be an origin, as in https://app.example.com.", [nameof(CorsOrigins)]);
        if (DownloadsFolder is { } folder && !Directory.Exists(folder)) yield return new($"there is no folder '{folder}'.", [nameof(DownloadsFolder)]);
        if (CertificateKeyPath is { Length: > 0 } key && !File.Exists(key)) yield return new($"there is no file '{key}'.", [nameof(CertificateKeyPath)]);
        else if (CertificatePath is { Length: > 0 } path)
        {
            if (!File.Exists(path)) yield return new($"there is no file '{path}'.", [nameof(CertificatePath)]);
            else if (CertificateFiles.FaultIn(path, CertificateKeyPath, CertificatePassword) is { } fault) yield return new($"'{path}' cannot be shown: {fault}", [nameof(CertificatePath)]);
        }
    }
}
