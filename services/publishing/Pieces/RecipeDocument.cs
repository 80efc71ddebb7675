namespace Empire.Publishing.Pieces;

/// <summary>A recipe, as content's checked document carries it. Nutrition is per serving.</summary>
public sealed record RecipeDocument
{
    public required string Title { get; init; }
    public string Description { get; init; } = "";
    public IReadOnlyList<Ingredient> Ingredients { get; init; } = [];
    public IReadOnlyList<string> Instructions { get; init; } = [];
    public int PrepMinutes { get; init; }
    public int CookMinutes { get; init; }
    public int Servings { get; init; }
    public string Difficulty { get; init; } = "";
    public string Category { get; init; } = "";
    public string Cuisine { get; init; } = "";
    public string DietType { get; init; } = "";
    public Nutrition? NutritionPerServing { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> SeoKeywords { get; init; } = [];
    public IReadOnlyList<Recommendation> ProductRecommendations { get; init; } = [];

    public int TotalMinutes => PrepMinutes + CookMinutes;

    /// <param name="Quantity">An amount to read; <paramref name="Unit"/> may be empty ("2 eggs").</param>
    public sealed record Ingredient(string Name, decimal Quantity = 0, string Unit = "", decimal Grams = 0)
    {
        /// <summary>As a shopping list says it: <c>200 g red lentils</c>, <c>2 eggs</c>, <c>salt</c>.</summary>
        public string Text => string.Join(' ', new[] { Measure, Name }.Where(part => part.Length > 0));

        public string Measure => Quantity == 0 ? Unit : $"{Fraction(Quantity)} {Unit}".TrimEnd();

        /// <summary>Cooks read ½, not 0.5.</summary>
        private static string Fraction(decimal quantity)
        {
            var whole = decimal.Truncate(quantity);
            var fraction = decimal.Round(quantity - whole, 2, MidpointRounding.ToEven) switch { 0.25m => "¼", 0.33m => "⅓", 0.5m => "½", 0.67m => "⅔", 0.75m => "¾", _ => null };
            return fraction is null ? $"{quantity:0.##}" : whole == 0 ? fraction : $"{whole:0}{fraction}";
        }
    }

    public sealed record Nutrition(decimal Kcal, decimal ProteinG, decimal FatG, decimal CarbohydrateG, decimal FiberG, decimal SodiumMg);

    public sealed record Recommendation(string Name, string Reason = "");
}
