using System.Globalization;
using System.Text.Json;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

public enum PricePosition { Low, Mid, High }

/// <summary>The product of a brief, read together with what is known about its trade.</summary>
public sealed record ReviewedProduct(
    string Id, string Name, string Brand, string Niche, decimal Price, string Currency, string Description, IReadOnlyList<string> Features, decimal? Rating, int? ReviewCount,
    IReadOnlyList<string> Audience, IReadOnlyList<string> Keywords, Trade Trade, Kind Kind)
{
    const decimal MidFrom = 0.75m, MidTo = 1.35m; // of the typical price

    /// <exception cref="UnusableBriefException">The product, its name or its price is missing.</exception>
    public static ReviewedProduct From(Brief brief, TradeKnowledge knowledge)
    {
        if (brief.Document("product") is not { } product) throw new UnusableBriefException("The brief's product is missing.");
        var name = Text("name") ?? throw new UnusableBriefException("The brief's product.name is missing.");
        if (Amount("price") is not { } price || price <= 0) throw new UnusableBriefException("The brief's product.price must be a positive amount.");
        var (description, niche) = (Text("description") ?? "", Text("niche") ?? "");
        var trade = knowledge.Find(niche, name, description, Text("category"));
        var kind = TradeKnowledge.KindOf(trade, name) ?? TradeKnowledge.KindOf(trade, $"{Text("category")} {description}")
            ?? new([trade.Name], trade.Thing.One, trade.Thing.Many, Round(price * 0.5m), Round(price), Round(price * 2));
        var audience = brief.Texts("audience") is { Count: > 0 } several ? several : brief.Text("audience") is { } one ? [one] : [];
        return new(Text("id") ?? name, name, Text("brand") ?? "the maker", niche.Length > 0 ? niche : trade.Name, price, Text("currency") ?? "USD", description,
            [.. Brief.TextsOf(product, "features").Take(8)], Amount("rating"), (int?)Amount("review_count"), audience, brief.Texts("keywords"), trade, kind);

        string? Text(string field) => product.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()?.Trim() is { Length: > 0 } text ? text : null;

        decimal? Amount(string field) => !product.TryGetProperty(field, out var value) ? null
            : value.ValueKind == JsonValueKind.Number ? value.GetDecimal()
            : value.ValueKind == JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

    /// <summary>The name without its brand.</summary>
    public string ShortName => Name.StartsWith(Brand + " ", StringComparison.OrdinalIgnoreCase) ? Name[(Brand.Length + 1)..] : Name;

    /// <summary>Which lines of a stock are about such a product.</summary>
    public IReadOnlyList<string> Keys => [.. Kind.Keys, Trade.Class];

    /// <summary>Against the ordinary prices of its kind, which are known in USD only; other currencies count as the middle.</summary>
    public PricePosition Position => Currency != "USD" ? PricePosition.Mid : Price < Kind.Typical * MidFrom ? PricePosition.Low : Price > Kind.Typical * MidTo ? PricePosition.High : PricePosition.Mid;

    public string Money(decimal amount)
    {
        var text = amount == Math.Truncate(amount) ? amount.ToString("N0", CultureInfo.InvariantCulture) : amount.ToString("N2", CultureInfo.InvariantCulture);
        return Currency == "USD" ? "$" + text : $"{text} {Currency}";
    }

    /// <summary>Fills the slots of the stock with this product.</summary>
    public void Describe(Writer writer)
    {
        writer.Set("name", Name);
        writer.Set("short", ShortName);
        writer.Set("brand", Brand);
        writer.Set("noun", Kind.One);
        writer.Set("nouns", Kind.Many);
        writer.Set("Noun", Capital(Kind.One));
        writer.Set("Nouns", Capital(Kind.Many));
        writer.Set("thing", Trade.Thing.One);
        writer.Set("things", Trade.Thing.Many);
        writer.Set("person", Trade.Person.One);
        writer.Set("persons", Trade.Person.Many);
        writer.Set("Persons", Capital(Trade.Person.Many));
        writer.Set("niche", Niche);
        writer.Set("topic", Kind.Many);
        writer.Set("Topic", Capital(Kind.Many));
        writer.Set("other", Trade.Kinds.Where(k => k != Kind).Select(k => k.Many).ToList());
        writer.Set("price", Money(Price));
        writer.Set("link", [$"[{Name}](product:{Id})", $"[{ShortName}](product:{Id})", $"[{ShortName} by {Brand}](product:{Id})"]);
        writer.Set("count", Number(Features.Count));
        writer.Set("rating", Rating?.ToString("0.0", CultureInfo.InvariantCulture));
        writer.Set("reviews", ReviewCount?.ToString("N0", CultureInfo.InvariantCulture));
        writer.Set("feature", Features);
        writer.Set("audience", Audience);
        writer.Set("Audience", Audience.Select(Capital).ToList());
        var known = Currency == "USD";
        writer.Set("low", known ? Money(Kind.Low) : null);
        writer.Set("typical", known ? Money(Kind.Typical) : null);
        writer.Set("high", known ? Money(Kind.High) : null);
        writer.Set("saving", known && Kind.Typical > Price ? Money(Round(Kind.Typical - Price)) : null);
        writer.Set("extra", known && Price > Kind.Typical ? Money(Round(Price - Kind.Typical)) : null);
        foreach (var uses in new[] { 36, 104, 260, 312, 365 })
            writer.Set($"per_{uses}", Money(Math.Max(0.01m, Math.Round(Price / uses, 2, MidpointRounding.AwayFromZero))));
    }

    internal static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    static string? Number(int count) => count switch { 0 => null, 1 => "one", 2 => "two", 3 => "three", 4 => "four", 5 => "five", 6 => "six", 7 => "seven", _ => $"{count}" };

    static decimal Round(decimal amount) => amount >= 5 ? Math.Round(amount, 0, MidpointRounding.AwayFromZero) : Math.Round(amount, 2, MidpointRounding.AwayFromZero);
}
