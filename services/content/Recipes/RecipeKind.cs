using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Content.Recipes;

/// <summary>What a recipe is to be.</summary>
/// <param name="Product">A product that the recipe may well be made with; null for none.</param>
public sealed record RecipeBrief(
    string Category, string Difficulty, int Servings, string DietType, string Cuisine, bool IncludeAffiliate, ProductBrief.About? Product);

/// <summary>What a model writes for it.</summary>
public sealed record Recipe(
    string Title, string Description, IReadOnlyList<Recipe.Ingredient> Ingredients, IReadOnlyList<string> Instructions, int PrepMinutes, int CookMinutes, int Servings,
    string Difficulty, string Category, string Cuisine, string DietType, Recipe.Nutrition NutritionPerServing, IReadOnlyList<string> Tags, IReadOnlyList<string> SeoKeywords,
    IReadOnlyList<Recipe.Recommendation> ProductRecommendations, string ImagePrompt, string VideoPrompt)
{
    public sealed record Ingredient(string Name, double Quantity, string Unit, double Grams);

    public sealed record Nutrition(double Kcal, double ProteinG, double FatG, double CarbohydrateG, double FiberG, double SodiumMg);

    public sealed record Recommendation(string Name, string Reason);
}

/// <summary>One complete recipe: a dish that can be cooked as it is written.</summary>
public sealed partial class RecipeKind(IOptions<AffiliateOptions> affiliate) : PieceKind
{
    public const string KindName = "recipe";

    /// <summary>Energy per gram of protein and carbohydrate, fat, and fibre (Regulation (EU) 1169/2011, Annex XIV).</summary>
    private const double ProteinKcal = 4, CarbohydrateKcal = 4, FatKcal = 9, FibreKcal = 2;

    /// <summary>What rounding, alcohol and the two ways of counting fibre may make of the sum.</summary>
    private const double KcalTolerance = 0.2, KcalSlack = 25;

    private static readonly string[] Cuisines = ["american", "italian", "mexican", "asian", "middle_eastern"];

    public override string Name => KindName;
    public override string Platform => "blog";

    public static Brief BriefFor(RecipeBrief recipe) => Brief.Of(KindName, recipe, recipe.Product?.Id);

    /// <summary>The cuisine follows from the product, so that the recipes of one day are not ten variations of one dish, and a repeated order is the same order.</summary>
    public override Brief BriefFor(PieceOrder order) => BriefFor(new RecipeBrief(
        RecipeWords.CategoryOr(order.Category, "dinner"), "medium", 4, "omnivore", Cuisines[order.Product is { } product ? product.Id.ToByteArray()[^1] % Cuisines.Length : 0],
        IncludeAffiliate: true, order.Product is null ? null : ProductBrief.About.Of(order.Product)));

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var recipe = document.Deserialize<Recipe>(PieceJson.Options)!;
        var wanted = brief.Read<RecipeBrief>();
        return [.. Agreement(recipe, wanted), .. UnusedIngredients(recipe), .. Nutrition(recipe.NutritionPerServing), .. Diet.Check(wanted.DietType, recipe.Ingredients), .. Keywords(recipe)];
    }

    public override Task KeepAsync(Work work, Piece piece, CancellationToken ct) => RecipeTable.AddAsync(
        work, piece, JsonSerializer.Deserialize<Recipe>(piece.Document!, PieceJson.Options)!, piece.Told.Read<RecipeBrief>(), affiliate.Value, ct);

    private static IEnumerable<Objection> Agreement(Recipe recipe, RecipeBrief wanted)
    {
        if (recipe.Servings != wanted.Servings) yield return new("brief", $"servings is {recipe.Servings}; wanted: {wanted.Servings}");
        if (recipe.Category != wanted.Category) yield return new("brief", $"category is {recipe.Category}; wanted: {wanted.Category}");
        if (recipe.Difficulty != wanted.Difficulty) yield return new("brief", $"difficulty is {recipe.Difficulty}; wanted: {wanted.Difficulty}");
        if (recipe.DietType != wanted.DietType) yield return new("brief", $"diet_type is {recipe.DietType}; wanted: {wanted.DietType}");
        if (recipe.PrepMinutes + recipe.CookMinutes == 0) yield return new("times", "preparation and cooking take no time");
    }

    /// <summary>An ingredient is used when a step names it, by any word of its name.</summary>
    private static IEnumerable<Objection> UnusedIngredients(Recipe recipe)
    {
        var used = Words(string.Join(' ', recipe.Instructions)).ToHashSet();
        return recipe.Ingredients.Where(ingredient => !Words(ingredient.Name).Any(used.Contains))
            .Select(ingredient => new Objection("ingredient-unused", $"no step uses {ingredient.Name}"));
    }

    private static IEnumerable<Objection> Nutrition(Recipe.Nutrition perServing)
    {
        var sum = perServing.ProteinG * ProteinKcal + perServing.FatG * FatKcal + Math.Max(0, perServing.CarbohydrateG - perServing.FiberG) * CarbohydrateKcal + perServing.FiberG * FibreKcal;
        if (perServing.Kcal is < 20 or > 2500) yield return new("nutrition", $"{perServing.Kcal:0} kcal is no serving of anything");
        else if (Math.Abs(perServing.Kcal - sum) > sum * KcalTolerance + KcalSlack) yield return new("nutrition", $"{perServing.Kcal:0} kcal does not agree with its protein, fat and carbohydrate, which make {sum:0}");
    }

    private static IEnumerable<Objection> Keywords(Recipe recipe) =>
        recipe.SeoKeywords.Select(word => word.Trim().ToLowerInvariant()).Distinct().Count() < recipe.SeoKeywords.Count ? [new("keywords", "seo_keywords repeats itself")] : [];

    /// <summary>The beginnings of the words, in lower case, so that plural and singular are alike, without the words that would match anything.</summary>
    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value).Where(word => word.Length > 2 && !Small.Contains(word)).Select(Stem);

    private static readonly HashSet<string> Small = ["the", "and", "with", "fresh", "dried", "ground", "large", "small", "all", "purpose", "for", "cut", "chopped", "sliced", "diced"];

    private static string Stem(string word) => word is [.. var singular, 's'] && word.Length <= 4 ? singular : word.Length > 4 ? word[..4] : word;

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
