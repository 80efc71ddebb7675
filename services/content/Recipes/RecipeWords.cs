using Empire.Http;

namespace Empire.Content.Recipes;

/// <summary>The words that a recipe's fields take.</summary>
internal static class RecipeWords
{
    public static readonly string[] Categories = ["breakfast", "lunch", "dinner", "dessert", "snack"];

    /// <exception cref="InvalidFieldException">Not a category.</exception>
    public static string CategoryOr(string? category, string usual) =>
        string.IsNullOrEmpty(category) ? usual
        : Categories.Contains(category) ? category
        : throw new InvalidFieldException("category", $"'{category}' is none of {string.Join(", ", Categories)}.");
}
