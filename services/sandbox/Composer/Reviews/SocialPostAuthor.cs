using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

/// <summary>Writes a short post that leaves room for a link and its hashtags beside it.</summary>
public sealed class SocialPostAuthor(TradeKnowledge knowledge)
{
    const int Longest = 230, Hashtags = 4;
    readonly Stock stock = Stock.Read("stock/social.txt");

    /// <exception cref="UnusableBriefException">The product, its name or its price is missing.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var product = ReviewedProduct.From(brief, knowledge);
        var writer = new Writer(dice, product.Keys, product.Trade.Stock, stock);
        product.Describe(writer);
        if (product.Features.Count > 1)
        {
            var two = dice.Shuffled(product.Features);
            writer.Set("first", two[0]);
            writer.Set("second", two[1]);
        }
        else writer.Set("first", product.Features);
        var position = "post." + product.Position.ToString().ToLowerInvariant();
        var drafts = writer.Lines("post", int.MaxValue).Concat(writer.Lines(position, int.MaxValue));
        var text = dice.Shuffled(drafts).FirstOrDefault(d => d.Length <= Longest) ?? Cut($"{product.ShortName} by {product.Brand}, {product.Money(product.Price)}.");
        return new() { ["text"] = text, ["hashtags"] = BlogPostAuthor.Texts(Tags(product, dice)) };
    }

    static IEnumerable<string> Tags(ReviewedProduct product, Dice dice) =>
        dice.Shuffled([product.Trade.Name == "general" ? product.Niche : product.Trade.Name, product.Kind.Many, product.Trade.Person.Many, .. product.Keywords.Take(2)])
            .Select(t => "#" + string.Concat(t.Replace("'", "", StringComparison.Ordinal).Split([' ', '-', ',', '.', '/', '&', '"'], StringSplitOptions.RemoveEmptyEntries).Select(ReviewedProduct.Capital)))
            .Where(t => t.Length is > 2 and <= 30).Distinct(StringComparer.OrdinalIgnoreCase).Take(Hashtags);

    static string Cut(string text) => text.Length <= Longest ? text : text[..text.LastIndexOf(' ', Longest - 1)] + "…";
}
