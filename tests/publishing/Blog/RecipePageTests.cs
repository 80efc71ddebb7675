using System.Text.RegularExpressions;
using Empire.Publishing.Blog;

namespace Empire.Publishing.Tests.Blog;

public sealed partial class RecipePageTests
{
    [Fact]
    public async Task The_recipe_is_described_for_search_engines_with_durations_steps_and_nutrition()
    {
        var page = await Drawn.PageAsync(Samples.RecipePage());
        var recipe = Assert.Single(page.StructuredData(), data => data.GetProperty("@type").GetString() == "Recipe");
        Assert.Equal("PT15M", recipe.GetProperty("prepTime").GetString());
        Assert.Equal("PT40M", recipe.GetProperty("cookTime").GetString());
        Assert.Equal("PT55M", recipe.GetProperty("totalTime").GetString());
        Assert.Equal("4 servings", recipe.GetProperty("recipeYield").GetString());
        Assert.Equal(11, recipe.GetProperty("recipeIngredient").GetArrayLength());
        Assert.Equal("1½ tsp ground cumin", recipe.GetProperty("recipeIngredient")[4].GetString());
        Assert.Equal("HowToStep", recipe.GetProperty("recipeInstructions")[0].GetProperty("@type").GetString());
        Assert.Equal("432 calories", recipe.GetProperty("nutrition").GetProperty("calories").GetString());
        Assert.Equal("https://schema.org/VeganDiet", recipe.GetProperty("suitableForDiet").GetString());
        Assert.All(recipe.GetProperty("recipeInstructions").EnumerateArray(), step =>
            Assert.NotNull(page.QuerySelector(new Uri(step.GetProperty("url").GetString()!).Fragment)));
        Assert.False(recipe.TryGetProperty("aggregateRating", out _));
    }

    [Fact]
    public async Task A_cook_sees_amounts_steps_times_and_nutrition()
    {
        var page = await Drawn.PageAsync(Samples.RecipePage());
        Assert.Equal(11, page.QuerySelectorAll(".ingredients li").Length);
        Assert.Equal(6, page.QuerySelectorAll(".steps ol > li").Length);
        Assert.Equal(["15 min", "40 min", "55 min", "4", "Easy"], page.QuerySelectorAll(".facts dd").Select(fact => fact.TextContent));
        Assert.Equal("432 kcal", page.QuerySelector(".nutrition td")!.TextContent);
        Assert.True(page.QuerySelector("[data-disclosure]")!.IsBefore(page.QuerySelector("a[href^='/r/']")!));
    }

    [Theory]
    [InlineData(0, "PT0M")]
    [InlineData(60, "PT1H")]
    [InlineData(95, "PT1H35M")]
    public void Durations_are_iso_8601(int minutes, string expected)
    {
        Assert.Equal(expected, StructuredData.Duration(minutes));
        Assert.Matches(Iso(), expected);
    }

    [Fact]
    public async Task A_recipe_without_a_product_has_no_paid_link_and_needs_no_disclosure()
    {
        var page = await Drawn.PageAsync(Samples.RecipePage() with { Product = null, LinkCode = null });
        Assert.Empty(page.QuerySelectorAll("[data-disclosure], a[rel~=sponsored]"));
    }

    [GeneratedRegex(@"^PT(\d+H)?(\d+M)?$")] private static partial Regex Iso();
}
