using System.Diagnostics;
using OpenTelemetry;

namespace Empire.Telemetry;

/// <summary>Takes paths and queries out of spans before anything exports them: the links of mails are keys (<c>/billing/{key}</c>), and some providers take their token in the path. What is left says which
/// route a call came to (<c>http.route</c>), and to which host, or method of gRPC, one went.</summary>
internal sealed class WithoutPaths : BaseProcessor<Activity>
{
    /// <summary>How the path of a gRPC method of ours begins; behind it stand service and method, and no value.</summary>
    private const string Grpc = "/empire.";

    /// <summary>As the conventions of OpenTelemetry name them, now and before.</summary>
    private static readonly string[] Paths = ["url.path", "url.query", "http.target"], Addresses = ["url.full", "http.url"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Paths)
            if (data.GetTagItem(tag) is not null) data.SetTag(tag, null);
        foreach (var tag in Addresses)
            if (data.GetTagItem(tag) is { } address) data.SetTag(tag, Uri.TryCreate(address.ToString(), UriKind.Absolute, out var uri) ? Shown(uri) : null);
    }

    private static string Shown(Uri address)
    {
        var origin = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped); // without a user and password
        return address.AbsolutePath.StartsWith(Grpc, StringComparison.Ordinal) ? origin + address.AbsolutePath : origin;
    }
}
