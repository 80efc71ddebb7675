using System.Net.Http.Headers;
using System.Text.Json;
using Empire.Autopilot.Catalogue;
using Empire.Autopilot.Feeds;
using Empire.Http;

namespace Empire.Autopilot.Networks;

/// <summary>Harbor publishes its catalogue page by page as JSON. Its field names and percentages stay in this file.</summary>
public sealed class HarborNetwork(IHttpClientFactory clients, NetworkOptions options) : INetwork
{
    public const string ProviderName = "Harbor";
    private const int PageSize = 100;

    /// <summary>Against a network that never stops saying there is more.</summary>
    private const int MostPages = 1000;

    private static readonly Dialect Dialect = new(
        new Dictionary<string, string>
        {
            ["id"] = "sku", ["name"] = "title", ["niche"] = "vertical", ["price"] = "price.amount", ["currency"] = "price.currency", ["url"] = "landing_url",
            ["features"] = "bullets", ["rating"] = "reviews.average", ["review_count"] = "reviews.count", ["commission_rate"] = "commission.rate",
            ["conversion_rate"] = "stats.conversion_rate", ["trend"] = "stats.trend_score", ["in_stock"] = "inventory",
        }, '\n', InPercent: true);

    public string Name => "harbor";

    public bool Off => options.Off;

    public async Task<ProductFeed> FetchAsync(CancellationToken ct)
    {
        using var http = clients.CreateClient(ProviderName);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        var products = new List<FeedProduct>();
        var rejections = new List<Rejection>();
        var whole = false;
        for (var page = 1; page <= MostPages && !whole; page++)
        {
            using var response = await http.GetAsync($"v1/products?page={page}&per_page={PageSize}", HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(ProviderName, response, ct);
            var body = await ReadAsync(response, ct);
            foreach (var (item, index) in body.Data!.Select((item, index) => (item, index)))
            {
                var number = ((page - 1) * PageSize) + index + 1;
                try
                {
                    var row = new ProductRow(Dialect, path => TextAt(item, path));
                    if (row.ToProduct() is { } product) products.Add(product);
                    else rejections.Add(new(number, row.Reason!));
                }
                catch (InvalidOperationException) { rejections.Add(new(number, "text: not well-formed Unicode.")); } // half a surrogate pair, as a text cut at a fixed length ends in
            }
            whole = page >= body.Page!.TotalPages;
        }
        return new(products.DistinctBy(product => product.ExternalId).ToList(), rejections, whole);
    }

    private static async Task<Body> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync<Body>(SnakeCase, ct);
            return body is { Data: not null, Page: not null } ? body : throw new JsonException("The page has no 'data' or no 'page'.");
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException) // not JSON, or cut off on the way
        {
            throw new ProviderException(ProviderName, response.StatusCode, e.Message, e);
        }
    }

    /// <returns>The value at a dotted path as text, a list joined by line ends; null when there is none.</returns>
    private static string? TextAt(JsonElement item, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out item)) return null;
        }
        return item.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Array => string.Join('\n', item.EnumerateArray().Select(entry => entry.ToString())),
            _ => item.ToString(),
        };
    }

    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Body(IReadOnlyList<JsonElement>? Data, PageInfo? Page);

    private sealed record PageInfo(int TotalPages);
}
