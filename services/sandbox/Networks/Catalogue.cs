using System.Globalization;
using Empire.Sandbox.Composer;

namespace Empire.Sandbox.Networks;

/// <summary>
/// Every product of both networks, from the model lines under Data/products. A file is a niche (<c># name</c>); a family is a line
/// <c>@ category | brand | name with [v] | commission %</c>, a summary, the features all have (<c>+ a; b</c>) and its variants (<c>- variant | price | features | sentence</c>).
/// Families alternate between the networks. Ratings, stock and the like are drawn from the product's id, so they never change.
/// </summary>
public sealed class Catalogue
{
    public Catalogue() => Products = [.. Resource.Names("products").SelectMany((name, niche) => Read(Resource.Lines(name), niche + 1))];

    public IReadOnlyList<Product> Products { get; }

    public IReadOnlyList<Product> Of(Network network) => [.. Products.Where(p => p.Network == network)];

    public Product? Find(string network, string id) => Products.FirstOrDefault(p => p.Id == id && p.Network.Name == network);

    static IEnumerable<Product> Read(string[] lines, int niche)
    {
        var (nicheName, category, brand, model, rate, summary) = ("", "", "", "", 0m, "");
        string[] shared = [];
        var (family, variant) = (0, 0);
        foreach (var line in lines.Where(l => l.Length > 0))
        {
            var fields = line[1..].Split('|', StringSplitOptions.TrimEntries);
            switch (line[0])
            {
                case '#':
                    nicheName = fields[0];
                    break;
                case '@':
                    (category, brand, model, rate) = (fields[0], fields[1], fields[2], decimal.Parse(fields[3], CultureInfo.InvariantCulture));
                    (family, variant) = (family + 1, 0);
                    break;
                case '+':
                    shared = Split(fields[0]);
                    break;
                case '-':
                    var network = family % 2 == 1 ? Network.Meadow : Network.Harbor;
                    var id = $"{network.Prefix}-{niche:00}{family:00}{++variant}";
                    var name = model.Contains("[v]", StringComparison.Ordinal) ? model.Replace("[v]", fields[0], StringComparison.Ordinal) : $"{model} {fields[0]}";
                    yield return Measure(new(id, network, nicheName, category, brand, $"{brand} {name}", $"{summary} {fields[3]}", [.. Split(fields[2]), .. shared],
                        decimal.Parse(fields[1], CultureInfo.InvariantCulture), rate, 0, 0, 0, 0, 0));
                    break;
                default:
                    summary = line;
                    break;
            }
        }
    }

    static string[] Split(string features) => features.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Dear things are bought and reviewed less often; good ratings sell a little better.</summary>
    static Product Measure(Product product)
    {
        var dice = new Dice($"market {product.Id}");
        var rating = Math.Round(3.7m + 1.15m * (decimal)Math.Sqrt(dice.Fraction()), 1, MidpointRounding.ToEven);
        var reviews = (int)(14 + 3200 * Math.Pow(dice.Fraction(), 2.6) * Math.Min(3, 60 / (double)product.Price));
        var conversion = Math.Round((decimal)(0.8 + 2.6 * dice.Fraction()) * (rating / 4.3m) * (product.Price < 50 ? 1.3m : product.Price > 200 ? 0.6m : 1m), 2, MidpointRounding.ToEven);
        return product with
        {
            Rating = Math.Min(4.9m, rating),
            ReviewCount = reviews,
            Stock = dice.Chance(0.03) ? 0 : dice.Between(8, 900),
            ConversionRate = conversion,
            TrendScore = dice.Between(12, 97),
        };
    }
}
