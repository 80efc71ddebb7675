using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using Microsoft.Net.Http.Headers;

namespace Empire.Sandbox.Networks;

/// <summary>Meadow publishes its whole catalogue as one CSV file (RFC 4180, UTF-8), the way older networks do.</summary>
public static class MeadowDatafeed
{
    public static readonly IReadOnlyList<string> Columns =
    [
        "product_id", "name", "brand", "niche", "category", "description", "features", "price", "currency", "commission_rate", "commission",
        "rating", "review_count", "stock", "conversion_rate", "trend_score", "image_url", "deep_link",
    ];

    /// <param name="token">The publisher's token; any non-empty one is accepted.</param>
    public static IResult Download(string? token, HttpContext http, Catalogue catalogue)
    {
        if (string.IsNullOrWhiteSpace(token)) return Results.Text("error: the query parameter token is missing\n", "text/plain", Encoding.UTF8, 401);
        var body = Encoding.UTF8.GetBytes(Write(catalogue.Of(Network.Meadow), http.Request));
        var gzip = http.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value == "gzip" && e.Quality is not 0);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}{(gzip ? "-gzip" : "")}\"");
        http.Response.Headers.Vary = "Accept-Encoding";
        if (gzip)
        {
            http.Response.Headers.ContentEncoding = "gzip";
            body = Compress(body);
        }
        return Results.File(body, "text/csv; charset=utf-8", entityTag: tag); // answers If-None-Match with 304 by itself
    }

    static string Write(IReadOnlyList<Product> products, HttpRequest request)
    {
        var home = $"{request.Scheme}://{request.Host}";
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        foreach (var column in Columns) csv.WriteField(column);
        csv.NextRecord();
        foreach (var p in products)
        {
            string[] fields =
            [
                p.Id, p.Name, p.Brand, p.Niche, p.Category, p.Description, string.Join("; ", p.Features), Amount(p.Price), Product.Currency, Amount(p.CommissionRate), Amount(p.Commission),
                p.Rating.ToString("0.0", CultureInfo.InvariantCulture), $"{p.ReviewCount}", $"{p.Stock}", Amount(p.ConversionRate), $"{p.TrendScore}", home + p.ImagePath, home + p.ShopPath,
            ];
            foreach (var field in fields) csv.WriteField(field);
            csv.NextRecord();
        }
        csv.Flush();
        return text.ToString();
    }

    internal static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal)) gzip.Write(body);
        return compressed.ToArray();
    }
}
