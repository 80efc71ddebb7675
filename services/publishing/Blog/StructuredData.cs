using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.Blog;

/// <summary>schema.org descriptions of pages as JSON-LD. Only what we know: no rating, review or offer is claimed, because we have made none.</summary>
/// <remarks>The serializer escapes <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>, so no text can end the script element that carries it.</remarks>
public static class StructuredData
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private static readonly Dictionary<string, string> Diets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["vegan"] = "https://schema.org/VeganDiet",
        ["vegetarian"] = "https://schema.org/VegetarianDiet",
    };

    public static string OfSite(Site site) => Write(new JsonObject
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "WebSite",
        ["name"] = site.Name,
        ["description"] = site.Description,
        ["url"] = site.UrlOf("/"),
    });

    public static string OfPost(Site site, Page page, BlogPostDocument document, Article article)
    {
        var data = Work("BlogPosting", site, page);
        data["headline"] = page.Summary.Title;
        data["wordCount"] = article.Words;
        if (document.Keywords.Count > 0) data["keywords"] = string.Join(", ", document.Keywords);
        if (page.Summary.Niche is { } niche) data["articleSection"] = Niche.LabelOf(niche);
        if (page.Product is { } product) data["about"] = new JsonObject
        {
            ["@type"] = "Product",
            ["name"] = product.Name,
            ["brand"] = product.Brand.Length == 0 ? null : new JsonObject { ["@type"] = "Brand", ["name"] = product.Brand },
        };
        return Write(data);
    }

    public static string OfRecipe(Site site, Page page, RecipeDocument recipe)
    {
        var data = Work("Recipe", site, page);
        data["name"] = page.Summary.Title;
        data["prepTime"] = Duration(recipe.PrepMinutes);
        data["cookTime"] = Duration(recipe.CookMinutes);
        data["totalTime"] = Duration(recipe.TotalMinutes);
        data["recipeYield"] = recipe.Servings == 1 ? "1 serving" : $"{recipe.Servings} servings";
        data["recipeCategory"] = recipe.Category;
        data["recipeCuisine"] = recipe.Cuisine.Replace('_', ' ');
        data["keywords"] = string.Join(", ", recipe.Tags.Concat(recipe.SeoKeywords).Distinct(StringComparer.OrdinalIgnoreCase));
        data["recipeIngredient"] = new JsonArray([.. recipe.Ingredients.Select(ingredient => JsonValue.Create(ingredient.Text))]);
        data["recipeInstructions"] = new JsonArray([.. recipe.Instructions.Select((step, i) => new JsonObject
        {
            ["@type"] = "HowToStep",
            ["text"] = step,
            ["url"] = $"{site.UrlOf(page.Summary.Path)}#step-{i + 1}",
        })]);
        if (Diets.TryGetValue(recipe.DietType, out var diet)) data["suitableForDiet"] = diet;
        if (recipe.NutritionPerServing is { } nutrition) data["nutrition"] = new JsonObject
        {
            ["@type"] = "NutritionInformation",
            ["servingSize"] = "1 serving",
            ["calories"] = $"{nutrition.Kcal:0} calories",
            ["proteinContent"] = $"{nutrition.ProteinG:0.#} g",
            ["fatContent"] = $"{nutrition.FatG:0.#} g",
            ["carbohydrateContent"] = $"{nutrition.CarbohydrateG:0.#} g",
            ["fiberContent"] = $"{nutrition.FiberG:0.#} g",
            ["sodiumContent"] = $"{nutrition.SodiumMg:0} mg",
        };
        return Write(data);
    }

    /// <param name="trail">Name and path of each step down from the front page.</param>
    public static string OfBreadcrumbs(Site site, params IReadOnlyList<(string Name, string Path)> trail) => Write(new JsonObject
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "BreadcrumbList",
        ["itemListElement"] = new JsonArray([.. trail.Select((step, i) => new JsonObject
        {
            ["@type"] = "ListItem",
            ["position"] = i + 1,
            ["name"] = step.Name,
            ["item"] = site.UrlOf(step.Path),
        })]),
    });

    /// <summary>ISO 8601, as schema.org wants it: <c>PT1H5M</c>.</summary>
    internal static string Duration(int minutes)
    {
        var (hours, rest) = Math.DivRem(minutes, 60);
        return (hours, rest) switch { (0, _) => $"PT{rest}M", (_, 0) => $"PT{hours}H", _ => $"PT{hours}H{rest}M" };
    }

    private static JsonObject Work(string type, Site site, Page page)
    {
        var publisher = new JsonObject { ["@type"] = "Organization", ["name"] = site.Name, ["url"] = site.UrlOf("/") };
        var data = new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = type,
            ["mainEntityOfPage"] = site.UrlOf(page.Summary.Path),
            ["url"] = site.UrlOf(page.Summary.Path),
            ["description"] = page.Summary.Description,
            ["datePublished"] = $"{page.Summary.PublishedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            ["dateModified"] = $"{page.Summary.UpdatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            ["image"] = new JsonArray(JsonValue.Create(site.UrlOf(page.Summary.CoverPath))),
            ["inLanguage"] = "en",
            ["author"] = publisher.DeepClone(),
            ["publisher"] = publisher,
        };
        return data;
    }

    private static string Write(JsonObject data)
    {
        foreach (var absent in data.Where(member => IsEmpty(member.Value)).Select(member => member.Key).ToList()) data.Remove(absent);
        return data.ToJsonString(Json);
    }

    private static bool IsEmpty(JsonNode? node) => node is null || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0);
}
