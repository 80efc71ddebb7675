using System.Globalization;
using CsvHelper;
using Empire.Autopilot.Catalogue;

namespace Empire.Autopilot.Feeds;

/// <summary>One row on its way to a product; <see cref="Reason"/> is the first thing wrong with it.</summary>
internal sealed class CsvRow(CsvReader csv)
{
    public string? Reason { get; private set; }

    public FeedProduct? ToProduct()
    {
        var product = new FeedProduct(
            Text("id", 100), Text("name", 200), Text("brand", 100), Text("niche", 60).ToLowerInvariant(), Price(), Address("url", needed: true)!, Address("image_url", needed: false),
            Optional("description") is { Length: > 0 } description ? description : Optional("name"), Features(), Number("rating", 0, 5), Count("review_count"),
            Number("commission_rate", 0, 1) ?? 0, Number("conversion_rate", 0, 1), Number("trend", 0, 100), Number("competition", 0, 100), Flag("in_stock"));
        return Reason is null ? product : null;
    }

    private string Optional(string column) => csv.TryGetField<string>(column, out var value) ? value ?? "" : "";

    private string Text(string column, int longest)
    {
        var value = Optional(column);
        if (value.Length == 0) Reject($"{column} is empty.");
        else if (value.Length > longest) Reject($"{column} has {value.Length} characters; {longest} are allowed.");
        return value;
    }

    private Money Price()
    {
        var (text, code) = (Optional("price"), Optional("currency"));
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount <= 0 || amount > 1_000_000)
            Reject($"price: '{text}' is not a positive amount like 49.90.");
        else if (decimal.Round(amount, 6) != amount)
            Reject($"price: '{text}' has more than six decimals.");
        if (!Currency.TryParse(code, out var currency)) Reject($"currency: '{code}' is not an ISO 4217 code like USD.");
        return Reason is null ? Money.Of(amount, currency) : default;
    }

    private string? Address(string column, bool needed)
    {
        var value = Optional(column);
        if (value.Length == 0 && !needed) return null;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || value.Length > 2000)
            Reject($"{column}: '{(value.Length > 80 ? value[..80] + "…" : value)}' is not an http(s) address.");
        return value;
    }

    private string[] Features() => Optional("features").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private decimal? Number(string column, decimal least, decimal most)
    {
        var text = Optional(column);
        if (text.Length == 0) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Reject($"{column}: '{text}' is not a number from {least} to {most}.");
        return null;
    }

    private int Count(string column)
    {
        var text = Optional(column);
        if (text.Length == 0) return 0;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        Reject($"{column}: '{text}' is not a whole number.");
        return 0;
    }

    private bool Flag(string column)
    {
        switch (Optional(column).ToLowerInvariant())
        {
            case "" or "true" or "1" or "yes" or "in stock": return true;
            case "false" or "0" or "no" or "out of stock": return false;
            default:
                Reject($"{column} is neither true nor false.");
                return true;
        }
    }

    private void Reject(string reason) => Reason ??= reason;
}
