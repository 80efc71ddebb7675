namespace Empire.Sandbox.Composer.Recipes;

/// <summary>What a recipe brief asks for.</summary>
/// <param name="Product">Name of the product that the recipe shall recommend; null for none in particular.</param>
public sealed record RecipeOrder(string Category, Difficulty Difficulty, int Servings, Diet Diet, string Cuisine, string? Product)
{
    static readonly string[] Categories = ["breakfast", "lunch", "dinner", "dessert", "snack"], Cuisines = ["american", "italian", "mexican", "asian", "middle_eastern"];

    /// <exception cref="UnusableBriefException">A field is missing or outside its list.</exception>
    public static RecipeOrder From(Brief brief)
    {
        var servings = brief.Number("servings") ?? 4;
        if (servings is < 1 or > 12) throw new UnusableBriefException("The brief's servings must lie between 1 and 12.");
        var product = brief.Document("product") is { } p && p.TryGetProperty("name", out var name) ? name.GetString() : null;
        return new(
            OneOf(Categories, brief.Text("category"), "category"),
            Value<Difficulty>(brief, "difficulty") ?? Difficulty.Medium,
            servings,
            Value<Diet>(brief, "diet_type") ?? Diet.Omnivore,
            OneOf(Cuisines, brief.Text("cuisine") ?? "american", "cuisine"),
            product);
    }

    static T? Value<T>(Brief brief, string field) where T : struct, Enum
    {
        if (brief.Text(field) is not { } text) return null;
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        return names.Contains(text) ? Enum.Parse<T>(text, ignoreCase: true) : throw Wrong(field, names);
    }

    static string OneOf(string[] allowed, string? value, string field) => value is not null && allowed.Contains(value) ? value : throw Wrong(field, allowed);

    static UnusableBriefException Wrong(string field, string[] allowed) => new($"The brief's {field} must be one of {string.Join(", ", allowed)}.");
}
