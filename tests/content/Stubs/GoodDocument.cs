using System.Text.Json;
using System.Text.Json.Nodes;

namespace Empire.Content.Tests.Stubs;

/// <summary>Documents that pass every check; tests spoil them one thing at a time.</summary>
public static class GoodDocument
{
    public static JsonObject For(JsonElement order)
    {
        var brief = order.GetProperty("brief");
        return order.GetProperty("task").GetString() switch
        {
            "recipe" => Recipe(brief),
            "blog_post" => BlogPost(brief.GetProperty("product").GetProperty("id").GetString()!),
            "script" => Script(),
            "social_post" => SocialPost(),
            "article" => Article(brief.GetProperty("keyword").GetString()!),
            "listing" => Listing(brief),
            "listing_review" => ListingReview(),
            var task => throw new ArgumentException(task, nameof(order)),
        };
    }

    public static JsonObject Recipe(JsonElement brief) => Recipe(
        brief.GetProperty("category").GetString()!, brief.GetProperty("difficulty").GetString()!, brief.GetProperty("servings").GetInt32(),
        brief.GetProperty("diet_type").GetString()!, brief.GetProperty("cuisine").GetString()!);

    public static JsonObject Recipe(string category = "dinner", string difficulty = "medium", int servings = 4, string diet = "omnivore", string cuisine = "american") => new()
    {
        ["title"] = "Chickpea Stew with Tomato",
        ["description"] = "A chickpea stew for a weeknight. It is ready in half an hour.",
        ["ingredients"] = new JsonArray(
            Ingredient("chickpeas, canned", 2, "can", 480), Ingredient("tomatoes", 4, "piece", 400), Ingredient("extra-virgin olive oil", 2, "tbsp", 27), Ingredient("fresh parsley", 1, "handful", 15)),
        ["instructions"] = Texts("Warm the olive oil in a pot.", "Add the chopped tomatoes and the drained chickpeas and simmer for 20 minutes.", "Stir in the parsley and serve."),
        ["prep_minutes"] = 10,
        ["cook_minutes"] = 20,
        ["servings"] = servings,
        ["difficulty"] = difficulty,
        ["category"] = category,
        ["cuisine"] = cuisine,
        ["diet_type"] = diet,
        ["nutrition_per_serving"] = new JsonObject { ["kcal"] = 240, ["protein_g"] = 9, ["fat_g"] = 10, ["carbohydrate_g"] = 30, ["fiber_g"] = 8, ["sodium_mg"] = 300 },
        ["tags"] = Texts("stew", "weeknight"),
        ["seo_keywords"] = Texts([.. Enumerable.Range(1, 10).Select(i => $"chickpea stew {i}")]),
        ["product_recommendations"] = new JsonArray([.. Enumerable.Range(1, 5).Select(i => (JsonNode)new JsonObject { ["name"] = $"Pot number {i}", ["reason"] = "The stew simmers in it." })]),
        ["image_prompt"] = "A bowl of stew",
        ["video_prompt"] = "Stew being stirred",
    };

    public static JsonObject BlogPost(string productId) => new()
    {
        ["title"] = "Is the Burr Grinder worth it?",
        ["slug"] = "is-the-burr-grinder-worth-it",
        ["meta_description"] = "What the grinder does well, what it does not, and for whom it is the wrong choice.",
        ["keywords"] = Texts("burr grinder", "burr grinder review"),
        ["outline"] = Texts("Need", "Facts", "Doubts", "Decision"),
        ["body_markdown"] = $"## What you need\n\n{Words(400)}\n\n## What it is\n\nSee [the grinder](product:{productId}).\n\n{Words(400)}\n\n## What speaks against it\n\n{Words(400)}\n\n## Decision\n\n{Words(250)}",
        ["disclosure_needed"] = true,
    };

    public static JsonObject Script() => new()
    {
        ["title"] = "One minute on grinders",
        ["hook"] = "Your coffee is not the problem.",
        ["spoken_text"] = Words(150),
        ["scenes"] = new JsonArray([.. Enumerable.Range(1, 6).Select(i => (JsonNode)new JsonObject { ["seconds"] = 10, ["visual_prompt"] = $"scene {i}", ["caption"] = $"caption {i}" })]),
        ["thumbnail_prompt"] = "A grinder, large letters",
        ["blog_outline"] = Texts("Need", "Facts"),
    };

    public static JsonObject SocialPost() => new() { ["text"] = "A burr grinder makes even grounds. That is most of the difference.", ["hashtags"] = Texts("coffee", "grinder") };

    public static JsonObject Article(string keyword) => new()
    {
        ["title"] = $"All about {keyword}",
        ["meta_description"] = $"What {keyword} is, and where our knowledge ends.",
        ["body_markdown"] = $"## What {keyword} is\n\n{Words(1200)}\n\n## How to choose\n\n{Words(1200)}",
        ["keywords"] = Texts(keyword),
        ["intent"] = "informational",
        ["related_keywords"] = Texts("one", "two", "three"),
        ["semantic_tags"] = Texts([.. Enumerable.Range(1, 15).Select(i => $"tag {i}")]),
        ["recommendations"] = Texts("Add a picture."),
    };

    public static JsonObject Listing(JsonElement brief) => new()
    {
        ["title"] = $"The {brief.GetProperty("niche").GetString()} handbook",
        ["description"] = $"A guide to {brief.GetProperty("niche").GetString()}. {Words(60)}",
        ["product_type"] = brief.TryGetProperty("product_type", out var type) ? type.GetString() : "guide",
        ["price"] = brief.TryGetProperty("price", out var price) ? price.GetDecimal() : 12.50m,
        ["features"] = Texts("A checklist", "A table of sizes", "A list of terms"),
        ["seo"] = new JsonObject { ["title"] = "A handbook", ["meta_description"] = "What is in it, and for whom.", ["slug"] = "a-handbook", ["keywords"] = Texts("one", "two", "three", "four", "five") },
    };

    public static JsonObject ListingReview() => new()
    {
        ["summary"] = "The title says more now.",
        ["changes"] = new JsonArray(
            new JsonObject { ["field"] = "title", ["to"] = "A better title", ["reason"] = "The old title did not say what it is." },
            new JsonObject { ["field"] = "keywords", ["to"] = "six\nseven\neight\nnine\nten", ["reason"] = "Buyers search by these words." }),
    };

    public static JsonArray Texts(params string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);

    public static string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => i % 2 == 0 ? "even" : "grounds"));

    private static JsonObject Ingredient(string name, double quantity, string unit, double grams) => new() { ["name"] = name, ["quantity"] = quantity, ["unit"] = unit, ["grams"] = grams };
}
