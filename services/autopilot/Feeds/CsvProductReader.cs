using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Empire.Autopilot.Catalogue;

namespace Empire.Autopilot.Feeds;

/// <summary>Reads a product feed as people and networks really write them: comma, semicolon or tab; quotes; UTF-8 with or without a mark, UTF-16, or Windows-1252.
/// Columns, in any order and case: <c>id, name, brand, niche, price, currency, url</c> (needed) and <c>description, features</c> (separated by |)<c>, image_url, rating,
/// review_count, commission_rate, conversion_rate, trend, competition, in_stock</c>.</summary>
public static class CsvProductReader
{
    private static readonly string[] Needed = ["id", "name", "brand", "niche", "price", "currency", "url"];

    /// <summary>Good rows become products; each bad one is named with its line and reason.</summary>
    /// <exception cref="UnreadableFeedException">No table of products can be made out: nothing of the file is used.</exception>
    public static ProductFeed Read(byte[] file, Dialect dialect)
    {
        using var reader = new StringReader(Decode(file));
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [",", ";", "\t"],
            PrepareHeaderForMatch = header => header.Header.Trim().ToLowerInvariant().Replace(' ', '_'),
            TrimOptions = TrimOptions.Trim,
            BadDataFound = null,          // judged per row below, with its line
            MissingFieldFound = null,
        };
        using var csv = new CsvReader(reader, configuration);
        try
        {
            if (!csv.Read() || !csv.ReadHeader()) throw new UnreadableFeedException("The file is empty.");
            var header = csv.HeaderRecord!.Select((name, index) => configuration.PrepareHeaderForMatch(new(name, index))).ToHashSet();
            var needed = Needed.Select(dialect.Theirs).ToList();
            var missing = needed.Where(column => !header.Contains(column)).ToList();
            if (missing.Count > 0) throw new UnreadableFeedException($"The header lacks {string.Join(", ", missing)}; it needs {string.Join(", ", needed)}.");
            return ReadRows(csv, dialect);
        }
        catch (CsvHelperException e)
        {
            throw new UnreadableFeedException($"The file is no CSV: {e.Message.Split('\n')[0]}");
        }
    }

    private static ProductFeed ReadRows(CsvReader csv, Dialect dialect)
    {
        var products = new List<FeedProduct>();
        var rejections = new List<Rejection>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (csv.Read())
        {
            var line = FirstLine(csv.Parser);
            var row = new ProductRow(dialect, column => csv.TryGetField<string>(column, out var text) ? text : null);
            if (row.ToProduct() is not { } product) rejections.Add(new(line, row.Reason!));
            else if (!seen.TryAdd(product.ExternalId, line)) rejections.Add(new(line, $"id: '{product.ExternalId}' stands in line {seen[product.ExternalId]} already."));
            else products.Add(product);
        }
        return new(products, rejections);
    }

    /// <summary>The parser counts lines to the end of the record; quotes may hold several.</summary>
    private static int FirstLine(IParser parser)
    {
        var (record, breaks) = (parser.RawRecord, 0);
        for (var i = 0; i < record.Length; i++)
            if (record[i] == '\r' || (record[i] == '\n' && (i == 0 || record[i - 1] != '\r'))) breaks++;
        var ends = record.EndsWith('\n') || record.EndsWith('\r'); // the last record of a file may end without
        return parser.RawRow - breaks + (ends ? 1 : 0);
    }

    private static string Decode(byte[] file)
    {
        if (file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0xEF, 0xBB, 0xBF, ..])
        {
            using var reader = new StreamReader(new MemoryStream(file), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        if (file.AsSpan().Contains((byte)0)) throw new UnreadableFeedException("The file is not text.");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(file);   // what a spreadsheet on Windows saves
        }
    }
}

/// <param name="Rejections">Rows that were left out, and why.</param>
/// <param name="Whole">False where there is more than was read.</param>
public sealed record ProductFeed(IReadOnlyList<FeedProduct> Products, IReadOnlyList<Rejection> Rejections, bool Whole = true);

/// <summary>The file as a whole cannot be used; the message says why, for its sender.</summary>
public sealed class UnreadableFeedException(string message) : Exception(message);
