using System.Collections.Frozen;
using System.Security.Cryptography;
using Empire.Gateway.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Options;

namespace Empire.Gateway.Static;

/// <summary>Files under /static. Each is there under a name with the hash of its content, which may be kept for a year, and under its plain name, which is for links that people write
/// down and is asked for again.</summary>
internal sealed class StaticAssets
{
    private const string Year = "public, max-age=31536000, immutable";
    internal const string Soon = "public, max-age=300";

    private readonly FrozenDictionary<string, Asset> byName;
    private readonly Dictionary<string, string> hashedNames = new(StringComparer.Ordinal);

    private readonly Downloads? downloads;

    public StaticAssets(IOptions<GatewayOptions> options, TimeProvider clock)
    {
        downloads = options.Value.DownloadsFolder is { } folder ? new(Path.GetFullPath(folder), clock) : null;
        var assembly = typeof(StaticAssets).Assembly;
        var types = new FileExtensionContentTypeProvider();
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith("static/", StringComparison.Ordinal)))
        {
            var name = resource["static/".Length..];
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
            var hashed = $"{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}";
            var type = types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            hashedNames[name] = hashed;
            assets[hashed] = new(content, type, $"\"{hash}\"", Year);
            assets[name] = new(content, type, $"\"{hash}\"", Soon);
        }
        byName = assets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Where a page of ours links to.</summary>
    public string PathOf(string name) => $"/static/{hashedNames[name]}";

    public IResult Serve(string name, HttpContext context)
    {
        if (!byName.TryGetValue(name, out var asset)) return downloads?.Serve(name, context) ?? new Refusal("not-found", $"There is no file {name}.").ToProblem(StatusCodes.Status404NotFound);
        context.Response.Headers.CacheControl = asset.CacheControl;
        return Results.Bytes(asset.Content, asset.Type, entityTag: new(asset.Tag));
    }

    private sealed record Asset(byte[] Content, string Type, string Tag, string CacheControl);
}

internal static class StaticAssetsExtensions
{
    public static void MapStaticFiles(this WebApplication app)
    {
        app.MapMethods("/static/{name}", ["GET", "HEAD"], (string name, StaticAssets assets, HttpContext context) => assets.Serve(name, context)).WithName("StaticFile").WithTags("Pages")
            .WithSummary("Files that pages and agents load").Under("/static/{name}");
        app.MapMethods("/favicon.ico", ["GET", "HEAD"], (StaticAssets assets, HttpContext context) => assets.Serve("favicon.ico", context)).WithName("Icon").WithTags("Pages")
            .WithSummary("The icon of pages that name none").Under("/favicon.ico");
    }
}
