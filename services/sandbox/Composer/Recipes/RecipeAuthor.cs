using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Recipes;

/// <summary>Writes recipes whose ingredients, steps, times and nutrition agree, because all four come from the same filled blueprint.</summary>
public sealed class RecipeAuthor(Cookbook cookbook, FoodTable foods)
{
    const int Keywords = 10, Recommendations = 5, KetoAttempts = 20;
    const decimal KetoNetCarbohydrateG = 18; // a serving; common keto plans allow 20 to 50 g a day
    readonly Stock stock = Stock.Read("recipes/words.txt");

    /// <exception cref="UnusableBriefException">A field is missing or outside its list.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var order = RecipeOrder.From(brief);
        var courses = CoursesWithinDiet(order, dice);
        var steps = courses.SelectMany(d => d.Steps()).ToList();
        var ingredients = courses.SelectMany(d => d.Ingredients).ToList();
        var nutrition = Nutrition.PerServing(ingredients, order.Servings);
        var (prep, cook) = (steps.Where(s => s.Kind == "prep").Sum(s => s.Time), steps.Where(s => s.Kind == "cook").Sum(s => s.Time));

        var main = courses[0];
        var writer = new Writer(dice, [order.Category], stock);
        foreach (var slot in main.Blueprint.Slots)
        {
            writer.Set(slot.Name, main.Slot(slot.Name));
            writer.Set(slot.Name + ".n", main.Slot(slot.Name) is { } food ? Attributive(food) : null);
        }
        var style = cookbook.Palette(order.Cuisine, "style");
        writer.Set("style", style);
        writer.Set("cuisine", Words(order.Cuisine));
        writer.Set("diet", order.Diet == Diet.Omnivore ? null : order.Diet.ToString().ToLowerInvariant());
        writer.Set("category", order.Category);
        writer.Set("servings", order.Servings == 1 ? "one" : $"{order.Servings}");
        writer.Set("people", order.Servings == 1 ? "one person" : $"{order.Servings} people");
        writer.Set("prep", $"{prep}");
        writer.Set("cook", cook == 0 ? null : $"{cook}");
        writer.Set("total", $"{prep + cook}");
        writer.Set("kcal", $"{nutrition.Kcal}");
        writer.Set("protein_g", nutrition.ProteinG >= 8 ? $"{nutrition.ProteinG:0}" : null);
        writer.Set("fiber_g", nutrition.FiberG >= 5 ? $"{nutrition.FiberG:0}" : null);
        writer.Set("count", $"{ingredients.Count}");
        var title = TitleCase(writer.Fill(dice.Pick(main.Blueprint.Titles.Where(t => writer.Fill(t) is not null).ToList()))!);
        writer.Set("title", title);
        writer.Set("dish", title);

        var about = string.Join(' ', new[] { writer.Fill(dice.Pick(main.Blueprint.Abouts.Where(t => writer.Fill(t) is not null).ToList())), writer.Say("about.numbers"), dice.Chance(0.6) ? writer.Say("about.more") : null }.Where(s => s is not null));
        return new()
        {
            ["title"] = title,
            ["description"] = about,
            ["ingredients"] = new JsonArray([.. ingredients.Select(i => (JsonNode)new JsonObject { ["name"] = i.Name, ["quantity"] = i.Quantity, ["unit"] = i.Unit, ["grams"] = i.Grams })]),
            ["instructions"] = Texts(steps.Select(s => s.Text)),
            ["prep_minutes"] = prep,
            ["cook_minutes"] = cook,
            ["servings"] = order.Servings,
            ["difficulty"] = order.Difficulty.ToString().ToLowerInvariant(),
            ["category"] = order.Category,
            ["cuisine"] = order.Cuisine,
            ["diet_type"] = order.Diet.ToString().ToLowerInvariant(),
            ["nutrition_per_serving"] = JsonSerializer.SerializeToNode(nutrition, SandboxSetup.Json),
            ["tags"] = Texts(Tags(order, main, prep + cook, nutrition)),
            ["seo_keywords"] = Texts(SeoKeywords(order, title, main, writer).Take(Keywords)),
            ["product_recommendations"] = Tools(order, courses, dice, writer),
            ["image_prompt"] = writer.Title("image"),
            ["video_prompt"] = writer.Title("video"),
        };
    }

    /// <summary>A diet is more than the list of its foods: enough of them together can exceed what keto allows.</summary>
    List<Dish> CoursesWithinDiet(RecipeOrder order, Dice dice)
    {
        if (order.Diet != Diet.Keto) return Courses(order, dice);
        var best = Courses(order, dice);
        for (var attempt = 1; attempt < KetoAttempts && NetCarbohydrate(best, order.Servings) > KetoNetCarbohydrateG; attempt++)
            if (Courses(order, dice) is var other && NetCarbohydrate(other, order.Servings) < NetCarbohydrate(best, order.Servings)) best = other;
        return best;
    }

    static decimal NetCarbohydrate(List<Dish> courses, int servings)
    {
        var facts = Nutrition.PerServing([.. courses.SelectMany(c => c.Ingredients)], servings);
        return facts.CarbohydrateG - facts.FiberG;
    }

    /// <summary>The dish, and its flourishes: none when easy, one at medium, two when hard.</summary>
    List<Dish> Courses(RecipeOrder order, Dice dice)
    {
        var main = dice.Shuffled(Fitting(order.Category, order)).Select(b => Dish.Fill(b, order, cookbook, foods, [], dice)).FirstOrDefault(d => d is not null)
            ?? throw new UnusableBriefException($"No {Words(order.Cuisine)} {order.Category} for the diet {order.Diet} is known.");
        var courses = new List<Dish> { main };
        foreach (var flourish in main.Blueprint.Flourish == "none" ? [] : dice.Shuffled(Fitting("+" + main.Blueprint.Flourish, order)))
        {
            if (courses.Count > (int)order.Difficulty) break;
            if (Dish.Fill(flourish, order, cookbook, foods, courses.SelectMany(c => c.Ingredients).Select(i => i.Food), dice) is { } crowned) courses.Add(crowned);
        }
        return courses;
    }

    IEnumerable<Blueprint> Fitting(string course, RecipeOrder order) =>
        cookbook.Blueprints.Where(b => b.Course == course && (b.Cuisines.Count == 0 || b.Cuisines.Contains(order.Cuisine)));

    static IEnumerable<string> Tags(RecipeOrder order, Dish main, int minutes, Nutrition nutrition)
    {
        yield return order.Category;
        yield return Words(order.Cuisine).ToLowerInvariant();
        if (order.Diet != Diet.Omnivore) yield return order.Diet.ToString().ToLowerInvariant();
        yield return order.Difficulty.ToString().ToLowerInvariant();
        if (minutes <= 30) yield return "under 30 minutes";
        if (nutrition.ProteinG >= 25) yield return "high protein";
        if (nutrition.FiberG >= 8) yield return "high fiber";
        foreach (var food in main.Ingredients.OrderByDescending(i => i.Grams).Where(i => i.Food.Kcal > 7).Take(2)) yield return food.Food.InSteps.ToLowerInvariant();
    }

    static IEnumerable<string> SeoKeywords(RecipeOrder order, string title, Dish main, Writer writer)
    {
        var weighty = main.Ingredients.Where(i => i.Food.Kcal > 7).OrderByDescending(i => i.Grams).Select(i => i.Food.InSteps.ToLowerInvariant()).ToList(); // no broth, no water
        writer.Set("food", weighty[0]);
        writer.Set("second", weighty[^1] == weighty[0] ? null : weighty[Math.Min(1, weighty.Count - 1)]);
        return new[] { title.ToLowerInvariant() }.Concat(writer.Lines("keyword", 30).Select(k => k.ToLowerInvariant())).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Exactly five: the brief's own product first, then the tools the dish needs, then what any kitchen uses.</summary>
    static JsonArray Tools(RecipeOrder order, List<Dish> courses, Dice dice, Writer writer)
    {
        var names = courses.SelectMany(c => c.Blueprint.Tools).Concat(dice.Shuffled(["kitchen scale", "chef's knife", "cutting board", "measuring spoons", "airtight storage containers", "mixing bowls"])).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal);
        var list = new JsonArray();
        if (order.Product is { } product) list.Add(Recommend(product, "product"));
        foreach (var name in names.Take(Recommendations - list.Count)) list.Add(Recommend(name, name));
        return list;

        JsonObject Recommend(string name, string section)
        {
            writer.Set("tool", name);
            return new() { ["name"] = name, ["reason"] = writer.Say("tool." + section) ?? writer.Title("tool") };
        }
    }

    /// <summary>As the first part of a compound: "egg scramble", not "eggs scramble".</summary>
    static string Attributive(string food) => food switch
    {
        _ when food.EndsWith("us", StringComparison.Ordinal) || food.EndsWith("ss", StringComparison.Ordinal) || food.EndsWith("greens", StringComparison.Ordinal) => food,
        _ when food.EndsWith("ies", StringComparison.Ordinal) => food[..^3] + "y",
        _ when food.EndsWith("oes", StringComparison.Ordinal) => food[..^2],
        _ when food.EndsWith("ches", StringComparison.Ordinal) => food[..^2],
        _ when food.EndsWith('s') => food[..^1],
        _ => food,
    };

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    static string Words(string cuisine) => string.Join(' ', cuisine.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    static string TitleCase(string text) => string.Join(' ', text.Split(' ').Select((w, i) => i > 0 && w is "and" or "with" or "in" or "on" or "of" or "for" or "the" or "a" or "over" or "under" ? w : char.ToUpperInvariant(w[0]) + w[1..]));
}
