using Empire.Autopilot.Feeds;
using Empire.Http;

namespace Empire.Autopilot.Networks;

/// <summary>Meadow publishes its whole catalogue as one CSV file. Rates are percentages, features are separated by semicolons.</summary>
public sealed class MeadowNetwork(IHttpClientFactory clients, NetworkOptions options) : INetwork
{
    public const string ProviderName = "Meadow";

    private static readonly Dialect Dialect = new(
        new Dictionary<string, string> { ["id"] = "product_id", ["trend"] = "trend_score", ["url"] = "deep_link", ["in_stock"] = "stock" }, ';', InPercent: true);

    public string Name => "meadow";

    public bool Off => options.Off;

    public async Task<ProductFeed> FetchAsync(CancellationToken ct)
    {
        using var http = clients.CreateClient(ProviderName);
        using var response = await http.GetAsync($"datafeed.csv?token={Uri.EscapeDataString(options.Token)}", HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(ProviderName, response, ct);
        try
        {
            return CsvProductReader.Read(await response.Content.ReadAsByteArrayAsync(ct), Dialect);
        }
        catch (Exception e) when (e is UnreadableFeedException or HttpRequestException or IOException) // no feed, or cut off on the way
        {
            throw new ProviderException(ProviderName, response.StatusCode, e.Message, e);
        }
    }
}
