using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Empire.Sandbox.Composer.Recipes;

namespace Empire.Sandbox.Tests.Composer;

/// <summary>Properties that hold for every recipe, tried on every combination of category, cuisine, diet and difficulty.</summary>
public sealed partial class RecipeTests
{
    static readonly string[] Categories = ["breakfast", "lunch", "dinner", "dessert", "snack"], Cuisines = ["american", "italian", "mexican", "asian", "middle_eastern"],
        Diets = ["omnivore", "vegetarian", "vegan", "paleo", "keto"], Difficulties = ["easy", "medium", "hard"];

    static readonly IReadOnlyList<JsonObject> Recipes = [.. Orders().Select((o, i) => Author.Write("recipe", o, i))];

    static IEnumerable<object> Orders() =>
        from category in Categories
        from cuisine in Cuisines
        from diet_type in Diets
        from difficulty in Difficulties
        from servings in new[] { 1, 4, 11 }
        select new { category, difficulty, servings, diet_type, cuisine, include_affiliate = servings != 11 };

    static void All(Action<JsonObject> property)
    {
        foreach (var recipe in Recipes)
        {
            try { property(recipe); }
            catch (Exception e) { throw new InvalidOperationException($"{e.Message}\n{recipe.ToJsonString(new() { WriteIndented = true })}", e); }
        }
    }

    static string Text(JsonObject recipe, string field) => recipe[field]!.GetValue<string>();
    static int Number(JsonObject recipe, string field) => recipe[field]!.GetValue<int>();
    static List<string> List(JsonObject recipe, string field) => [.. recipe[field]!.AsArray().Select(n => n!.GetValue<string>())];
    static List<(Food Food, decimal Quantity, string Unit, decimal Grams)> Ingredients(JsonObject recipe) =>
        [.. recipe["ingredients"]!.AsArray().Select(i => (FoodOf(i!["name"]!.GetValue<string>()), i["quantity"]!.GetValue<decimal>(), i["unit"]!.GetValue<string>(), i["grams"]!.GetValue<decimal>()))];

    static Food FoodOf(string name) => Author.Foods.All.Where(f => name == f.Name || name.StartsWith(f.Name + ", ", StringComparison.Ordinal)).MaxBy(f => f.Name.Length)!;

    /// <summary>The foods that the text names, longest names first, so that "rice vinegar" is no rice. Water needs no listing.</summary>
    static HashSet<string> FoodsIn(string text)
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Author.Foods.All.Select(f => f.InSteps).Where(n => n != "water").OrderByDescending(n => n.Length))
        {
            var pattern = $@"(?<![\w-]){Regex.Escape(name)}(?![\w-])";
            if (!Regex.IsMatch(text, pattern, RegexOptions.IgnoreCase)) continue;
            named.Add(name);
            text = Regex.Replace(text, pattern, "…", RegexOptions.IgnoreCase);
        }
        return named;
    }

    [Fact]
    public void Every_ingredient_is_used_in_the_steps_and_the_steps_use_no_other_food() => All(recipe =>
    {
        var listed = Ingredients(recipe).Select(i => i.Food.InSteps).Where(n => n != "water").ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(listed.Order(StringComparer.OrdinalIgnoreCase), FoodsIn(string.Join(' ', List(recipe, "instructions"))).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    });

    [Fact]
    public void Every_ingredient_suits_the_diet() => All(recipe =>
    {
        var diet = Enum.Parse<Diet>(Text(recipe, "diet_type"), ignoreCase: true);
        Assert.All(Ingredients(recipe), i => Assert.True(i.Food.Suits(diet), $"{i.Food.Name} is not {diet}"));
    });

    [Fact]
    public void A_keto_serving_has_at_most_20_grams_of_net_carbohydrate() => All(recipe =>
    {
        if (Text(recipe, "diet_type") != "keto") return;
        var facts = recipe["nutrition_per_serving"]!;
        Assert.InRange(facts["carbohydrate_g"]!.GetValue<decimal>() - facts["fiber_g"]!.GetValue<decimal>(), -1, 20);
    });

    [Fact]
    public void Nutrition_is_what_the_listed_grams_add_up_to() => All(recipe =>
    {
        var ingredients = Ingredients(recipe);
        var servings = Number(recipe, "servings");
        var facts = recipe["nutrition_per_serving"]!;
        void Same(string field, Func<Food, decimal> per100, int digits) => Assert.Equal(
            Math.Round(ingredients.Sum(i => per100(i.Food) * i.Grams / 100) / servings, digits, MidpointRounding.AwayFromZero), facts[field]!.GetValue<decimal>());
        Same("kcal", f => f.Kcal, 0);
        Same("protein_g", f => f.Protein, 1);
        Same("fat_g", f => f.Fat, 1);
        Same("carbohydrate_g", f => f.Carbohydrate, 1);
        Same("fiber_g", f => f.Fiber, 1);
        Same("sodium_mg", f => f.SodiumMg, 0);
        Assert.InRange(facts["kcal"]!.GetValue<decimal>(), 40, 1250);
    });

    [Fact]
    public void Grams_are_the_quantity_in_its_unit() => All(recipe => Assert.All(Ingredients(recipe), i =>
    {
        var unit = i.Unit == i.Food.Unit ? i.Food.UnitGrams : i.Unit == "tbsp" ? i.Food.UnitGrams * 3 : i.Food.UnitGrams / 3;
        Assert.InRange(i.Grams, i.Quantity * unit - 0.06m, i.Quantity * unit + 0.06m);
        Assert.True(i.Quantity > 0);
    }));

    [Fact]
    public void Preparation_and_cooking_time_are_the_minutes_that_the_steps_name() => All(recipe =>
    {
        var minutes = List(recipe, "instructions").Sum(s => Minutes().Matches(s).Sum(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
        Assert.Equal(minutes, Number(recipe, "prep_minutes") + Number(recipe, "cook_minutes"));
        Assert.InRange(minutes, 5, 130);
    });

    [Fact]
    public void Harder_recipes_have_more_to_do() =>
        Assert.True(Recipes.Where(r => Text(r, "difficulty") == "hard").Average(r => r["instructions"]!.AsArray().Count) > Recipes.Where(r => Text(r, "difficulty") == "easy").Average(r => r["instructions"]!.AsArray().Count) + 1);

    [Fact]
    public void A_recipe_is_complete() => All(recipe =>
    {
        Assert.Equal(10, List(recipe, "seo_keywords").Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(5, recipe["product_recommendations"]!.AsArray().Count); // as the instruction asks, whether or not the brief wants links made of them
        Assert.InRange(Sentence().Count(Text(recipe, "description")), 2, 4);
        Assert.InRange(Text(recipe, "title").Length, 10, 100);
        Assert.True(recipe["ingredients"]!.AsArray().Count >= 5 && recipe["instructions"]!.AsArray().Count >= 3);
        Assert.NotEmpty(Text(recipe, "image_prompt"));
        Assert.NotEmpty(Text(recipe, "video_prompt"));
        Assert.NotEmpty(List(recipe, "tags"));
        Assert.DoesNotMatch(@"[{}\[\]<>|]", string.Join(' ', List(recipe, "instructions")) + Text(recipe, "title") + Text(recipe, "description"));
    });

    [Fact]
    public void Servings_scale_the_amounts_and_leave_the_portion_as_it_is()
    {
        object For(int servings) => new { category = "dinner", difficulty = "easy", servings, diet_type = "omnivore", cuisine = "italian", include_affiliate = false };
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var (four, eight) = (Author.Write("recipe", For(4), seed), Author.Write("recipe", For(8), seed));
            if (Text(four, "title") != Text(eight, "title")) continue;
            Assert.InRange(eight["nutrition_per_serving"]!["kcal"]!.GetValue<decimal>() / four["nutrition_per_serving"]!["kcal"]!.GetValue<decimal>(), 0.85m, 1.15m);
        }
    }

    [Fact]
    public void Thousands_of_recipes_differ()
    {
        var texts = Enumerable.Range(0, 2000).Select(seed => Author.Write("recipe", new { category = Categories[seed % 5], cuisine = Cuisines[seed / 5 % 5] }, seed)).Select(r => r["ingredients"]!.ToJsonString() + r["instructions"]!.ToJsonString());
        Assert.InRange(texts.Distinct(StringComparer.Ordinal).Count(), 1950, 2000);
    }

    [Fact]
    public void The_product_of_the_brief_is_recommended_first()
    {
        var recipe = Author.Write("recipe", new { category = "lunch", product = new { name = "Hearth Skillet 26 cm" } });
        Assert.Equal("Hearth Skillet 26 cm", recipe["product_recommendations"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(5, recipe["product_recommendations"]!.AsArray().Count);
    }

    [Fact]
    public void The_food_table_is_large_and_its_energy_agrees_with_its_nutrients()
    {
        string[] known = ["baking powder", "unsweetened cocoa powder", "red pepper flakes", "ground coriander", "ground allspice", "vanilla extract"]; // measured energy differs: acids, alcohol, indigestible starch
        Assert.True(Author.Foods.All.Count >= 150);
        Assert.All(Author.Foods.All.Where(f => !known.Contains(f.Name)), f =>
        {
            var (gross, net) = (4 * f.Protein + 9 * f.Fat + 4 * f.Carbohydrate, 4 * f.Protein + 9 * f.Fat + 4 * (f.Carbohydrate - f.Fiber) + 2 * f.Fiber);
            Assert.True(Math.Min(Math.Abs(f.Kcal - gross), Math.Abs(f.Kcal - net)) <= Math.Max(18, 0.15m * f.Kcal), $"{f.Name}: {f.Kcal} kcal");
        });
    }

    [Fact]
    public void Every_palette_and_blueprint_names_foods_of_the_table()
    {
        foreach (var choice in Author.Cookbook.Blueprints.SelectMany(b => b.Slots).SelectMany(s => s.Choices))
            foreach (var food in choice.Food[0] == '@' ? Cuisines.SelectMany(c => Author.Cookbook.Palette(c, choice.Food[1..])) : [choice.Food]) Assert.NotNull(Author.Foods[food]);
    }

    [GeneratedRegex(@"(\d+) minutes?")] private static partial Regex Minutes();
    [GeneratedRegex(@"[.?!](\s|$)")] private static partial Regex Sentence();
}
