using System.Security.Cryptography;
using Empire.Data;
using Empire.Tiers;

namespace Empire.Publishing.Media;

/// <summary>Keeps our own copy of each product picture, in the storage that the account's tier allows. A picture that cannot be had or has no room costs the page its picture, never
/// the publication.</summary>
public sealed partial class MediaStore(Database db, HttpClient http, TenantResources resources, TimeProvider clock, ILogger<MediaStore> log)
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/svg+xml"] = "svg", ["image/png"] = "png", ["image/jpeg"] = "jpg", ["image/webp"] = "webp", ["image/gif"] = "gif", ["image/avif"] = "avif",
    };

    /// <param name="address">From a network's feed: not to be trusted.</param>
    /// <returns>The file's name under <c>/media/</c>; null when there is no picture to show.</returns>
    public async Task<string?> FetchAsync(TenantId tenant, string address, CancellationToken ct)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var source) || source.Scheme is not ("http" or "https")) return null;
        if (await KnownAsync(tenant, source, ct) is { } known) return known;
        try
        {
            var picture = await DownloadAsync(source, ct);
            await using var work = await db.BeginAsync(tenant, ct);
            if (await MediaTable.InsertAsync(work, picture, source, clock.GetUtcNow(), ct)
                && await resources.ClaimAsync(work, TierResource.Storage, await AccountTiers.OfAsync(work, ct), ct, picture.Content.Length) is { } full)
            {
                LogNoRoom(log, source, full.Detail);
                return null;   // not committed: neither picture nor claim
            }
            await work.CommitAsync(ct);
            return picture.Name;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidDataException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            LogNoPicture(log, source, e.Message);
            return null;
        }
    }

    private async Task<string?> KnownAsync(TenantId tenant, Uri source, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        return await MediaTable.NameOfAsync(work, source, ct);
    }

    private async Task<Picture> DownloadAsync(Uri source, CancellationToken ct)
    {
        using var response = await http.GetAsync(source, ct);
        response.EnsureSuccessStatusCode();
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        if (!Extensions.TryGetValue(type, out var extension)) throw new InvalidDataException($"'{type}' is not a picture that pages show.");
        var content = await response.Content.ReadAsByteArrayAsync(ct);
        if (content.Length == 0) throw new InvalidDataException("it is empty.");
        return new($"{Convert.ToHexStringLower(SHA256.HashData(content))}.{extension}", type, content);
    }

    public static void Limit(HttpClient http)
    {
        http.Timeout = TimeSpan.FromSeconds(15);
        http.MaxResponseContentBufferSize = MaxBytes;
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Empire/1.0");
    }

    [LoggerMessage(2, LogLevel.Warning, "No room for the picture from {Source}: {Reason}")] private static partial void LogNoRoom(ILogger log, Uri source, string reason);
    [LoggerMessage(1, LogLevel.Warning, "No picture from {Source}: {Reason}")] private static partial void LogNoPicture(ILogger log, Uri source, string reason);
}
