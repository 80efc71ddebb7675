using System.Globalization;
using Empire.Autopilot.Catalogue;

namespace Empire.Autopilot.Feeds;

/// <summary>How a source writes what we call by our own names.</summary>
/// <param name="Columns">Ours to theirs; a column that is not named is called the same.</param>
/// <param name="InPercent">Whether commission and conversion are 0-100 instead of 0-1.</param>
public sealed record Dialect(IReadOnlyDictionary<string, string> Columns, char FeatureSeparator, bool InPercent)
{
    /// <summary>The columns of the owner's own feed.</summary>
    public static Dialect Own { get; } = new(new Dictionary<string, string>(), '|', InPercent: false);

    public string Theirs(string column) => Columns.GetValueOrDefault(column, column);
}

/// <summary>One row on its way to a product, whatever it was read from; <see cref="Reason"/> is the first thing wrong with it, in the source's words.</summary>
/// <param name="field">The text of one of the source's columns; null or empty when absent.</param>
internal sealed class ProductRow(Dialect dialect, Func<string, string?> field)
{
    public string? Reason { get; private set; }

    public FeedProduct? ToProduct()
    {
        var product = new FeedProduct(
            Text("id", 100), Text("name", 200), Text("brand", 100), Text("niche", 60).ToLowerInvariant(), Price(), Address("url", needed: true)!, Address("image_url", needed: false),
            Optional("description") is { Length: > 0 } description ? description : Optional("name"), Features(), Number("rating", 0, 5), Count("review_count"),
            Rate("commission_rate") ?? 0, Rate("conversion_rate"), Number("trend", 0, 100), Number("competition", 0, 100), Flag("in_stock"));
        return Reason is null ? product : null;
    }

    private string Optional(string column)
    {
        var value = field(dialect.Theirs(column))?.Trim() ?? "";
        if (!value.Contains('\0', StringComparison.Ordinal)) return value;
        Reject(column, "holds a null character."); // which no text in PostgreSQL can hold
        return "";
    }

    private string Text(string column, int longest)
    {
        var value = Optional(column);
        if (value.Length == 0) Reject(column, "is empty.");
        else if (value.Length > longest) Reject(column, $"has {value.Length} characters; {longest} are allowed.");
        return value;
    }

    private Money Price()
    {
        var (text, code) = (Optional("price"), Optional("currency"));
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount <= 0 || amount > 1_000_000)
            Reject("price", $"'{text}' is not a positive amount like 49.90.");
        else if (decimal.Round(amount, 6) != amount)
            Reject("price", $"'{text}' has more than six decimals.");
        if (!Currency.TryParse(code, out var currency)) Reject("currency", $"'{code}' is not an ISO 4217 code like USD.");
        return Reason is null ? Money.Of(amount, currency) : default;
    }

    private string? Address(string column, bool needed)
    {
        var value = Optional(column);
        if (value.Length == 0 && !needed) return null;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || value.Length > 2000)
            Reject(column, $"'{(value.Length > 80 ? value[..80] + "…" : value)}' is not an http(s) address.");
        return value;
    }

    private string[] Features() => Optional("features").Split(dialect.FeatureSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private decimal? Number(string column, decimal least, decimal most)
    {
        var text = Optional(column);
        if (text.Length == 0) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Reject(column, $"'{text}' is not a number from {least} to {most}.");
        return null;
    }

    private decimal? Rate(string column) => dialect.InPercent ? Number(column, 0, 100) / 100 : Number(column, 0, 1);

    private int Count(string column)
    {
        var text = Optional(column);
        if (text.Length == 0) return 0;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        Reject(column, $"'{text}' is not a whole number.");
        return 0;
    }

    private bool Flag(string column)
    {
        var text = Optional(column).ToLowerInvariant();
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stock)) return stock > 0;
        switch (text)
        {
            case "" or "true" or "yes" or "in stock": return true;
            case "false" or "no" or "out of stock": return false;
            default:
                Reject(column, $"'{text}' is neither true nor false, nor a number in stock.");
                return true;
        }
    }

    private void Reject(string column, string reason) => Reason ??= $"{dialect.Theirs(column)}: {reason}";
}
