using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Content.BlogPosts;
using Empire.Content.Pieces;
using Empire.Content.Prompts;
using Empire.Content.Recipes;
using Empire.Content.Review;
using Empire.Content.Scripts;
using Empire.Content.SocialPosts;
using Empire.Content.Tests.Stubs;
using Microsoft.Extensions.Options;

namespace Empire.Content.Tests.Review;

/// <summary>Good documents pass; each spoilt one is refused by the rule that it breaks.</summary>
public sealed class ReplyReviewTests
{
    private static readonly Guid Product = Guid.Parse("0195aaaa-0000-7000-8000-000000000001");
    private static readonly PieceOrder Order = new(new(Product, "Grinder", "Mill", "coffee", "meadow", 10m, "USD", "", [], 4, 10, "https://m.example", ""));
    private static readonly RecipeKind Recipes = new(Options.Create(new AffiliateOptions()));

    [Fact]
    public async Task A_good_post_passes_and_carries_its_disclosure()
    {
        var (draft, objections) = await ReviewAsync(new BlogPostKind(), GoodDocument.BlogPost($"{Product}"));

        Assert.Empty(objections);
        Assert.Equal(ContentRules.Disclosure, draft!.Document.GetProperty("disclosure").GetString());
        Assert.Contains(ContentRules.Check(draft.Document.Without("disclosure"), affiliate: true), objection => objection.Rule == "ftc-disclosure");
    }

    [Theory]
    [InlineData("Act now, the price will not last.", "false-urgency")]
    [InlineData("There are only 3 left in the shop.", "false-scarcity")]
    [InlineData("It is a risk-free choice.", "promised-result")]
    [InlineData("It is clinically proven.", "health-claim")]
    [InlineData("Scientists say it is best.", "fake-authority")]
    [InlineData("This is the lowest price ever.", "price-pressure")]
    public async Task A_manipulative_phrase_is_refused_by_the_name_of_its_rule(string sentence, string rule)
    {
        var post = GoodDocument.BlogPost($"{Product}");
        post["body_markdown"] = $"{post["body_markdown"]}\n\n{sentence}";

        Assert.Equal(rule, Assert.Single((await ReviewAsync(new BlogPostKind(), post)).Objections).Rule);
    }

    [Fact]
    public async Task A_post_without_its_product_link_or_with_another_products_is_refused()
    {
        Assert.Equal(["product-link"], await RulesAsync(new BlogPostKind(), GoodDocument.BlogPost("0195aaaa-0000-7000-8000-00000000ffff")));
        var post = GoodDocument.BlogPost($"{Product}");
        post["body_markdown"] = post["body_markdown"]!.GetValue<string>().Replace("](product:", "](https://shop.example/", StringComparison.Ordinal);
        Assert.Equal(["product-link"], await RulesAsync(new BlogPostKind(), post));
    }

    [Fact]
    public async Task Posts_have_a_length_a_short_description_headings_and_a_clean_slug()
    {
        await AssertRefusedAsync(new BlogPostKind(), "length", post => post["body_markdown"] = $"## a\n\n## b\n\n## c\n\n[x](product:{Product})");
        await AssertRefusedAsync(new BlogPostKind(), "meta-description", post => post["meta_description"] = new string('x', 161));
        await AssertRefusedAsync(new BlogPostKind(), "headings", post => post["body_markdown"] = post["body_markdown"]!.GetValue<string>().Replace("##", "#", StringComparison.Ordinal));
        await AssertRefusedAsync(new BlogPostKind(), "slug", post => post["slug"] = "Not A Slug");
        await AssertRefusedAsync(new BlogPostKind(), "ftc-disclosure", post => post["disclosure_needed"] = false);
    }

    [Fact]
    public async Task Scripts_last_a_minute_in_scenes_and_in_speech()
    {
        Assert.Empty(await RulesAsync(new ScriptKind(), GoodDocument.Script()));
        await AssertRefusedAsync(new ScriptKind(), "duration", script => script["scenes"]!.AsArray().RemoveAt(0));
        await AssertRefusedAsync(new ScriptKind(), "duration", script => script["spoken_text"] = GoodDocument.Words(100));
    }

    [Fact]
    public async Task Social_posts_are_short_and_without_link()
    {
        Assert.Empty(await RulesAsync(new SocialPostKind(), GoodDocument.SocialPost()));
        await AssertRefusedAsync(new SocialPostKind(), "length", post => post["text"] = new string('x', 231));
        await AssertRefusedAsync(new SocialPostKind(), "link", post => post["text"] = "See https://shop.example");
        await AssertRefusedAsync(new SocialPostKind(), "hashtag", post => post["hashtags"] = GoodDocument.Texts("two words"));
    }

    [Fact]
    public async Task Recipes_agree_with_their_brief_and_with_themselves()
    {
        Assert.Empty(await RecipeRulesAsync(_ => { }));
        Assert.Equal(["brief"], await RecipeRulesAsync(recipe => recipe["servings"] = 6));
        Assert.Equal(["nutrition"], await RecipeRulesAsync(recipe => recipe["nutrition_per_serving"]!["kcal"] = 700));
        Assert.Equal(["keywords"], await RecipeRulesAsync(recipe => recipe["seo_keywords"]![1] = "chickpea stew 1"));
        Assert.Equal(["times"], await RecipeRulesAsync(recipe => (recipe["prep_minutes"], recipe["cook_minutes"]) = (0, 0)));
        Assert.Equal(["schema"], await RecipeRulesAsync(recipe => recipe["seo_keywords"]!.AsArray().RemoveAt(0)));
        Assert.Equal(["schema"], await RecipeRulesAsync(recipe => recipe.Remove("title")));
    }

    [Theory]
    [InlineData("vegan", "butter", true)]
    [InlineData("vegan", "peanut butter", false)]
    [InlineData("vegan", "coconut milk", false)]
    [InlineData("vegan", "eggplant", false)]
    [InlineData("vegan", "eggs", true)]
    [InlineData("vegetarian", "chicken thighs", true)]
    [InlineData("vegetarian", "cheddar cheese", false)]
    [InlineData("keto", "brown sugar", true)]
    [InlineData("paleo", "lentils", true)]
    [InlineData("omnivore", "bacon", false)]
    public void A_diet_leaves_out_what_it_leaves_out(string diet, string ingredient, bool refused) =>
        Assert.Equal(refused, Diet.Check(diet, [new(ingredient, 1, "piece", 10)]).Any());

    [Fact]
    public async Task Json_in_a_fence_is_json_and_prose_is_not()
    {
        var post = GoodDocument.SocialPost().ToJsonString();

        Assert.NotNull((await ReviewTextAsync(new SocialPostKind(), $"```json\n{post}\n```", null)).Draft);
        Assert.Equal("json", Assert.Single((await ReviewTextAsync(new SocialPostKind(), "Here is your post!", null)).Objections).Rule);
        Assert.Equal("json", Assert.Single((await ReviewTextAsync(new SocialPostKind(), "[1, 2]", null)).Objections).Rule);
    }

    private static async Task AssertRefusedAsync(PieceKind kind, string rule, Action<JsonObject> spoil)
    {
        var document = kind.Name switch { "script" => GoodDocument.Script(), "social_post" => GoodDocument.SocialPost(), _ => GoodDocument.BlogPost($"{Product}") };
        spoil(document);
        Assert.Equal([rule], await RulesAsync(kind, document));
    }

    private static Task<string[]> RecipeRulesAsync(Action<JsonObject> spoil)
    {
        var recipe = GoodDocument.Recipe();
        spoil(recipe);
        return RulesAsync(Recipes, recipe, RecipeKind.BriefFor(new RecipeBrief("dinner", "medium", 4, "omnivore", "american", true, null)));
    }

    private static async Task<string[]> RulesAsync(PieceKind kind, JsonObject document, Brief? brief = null) =>
        [.. (await ReviewTextAsync(kind, document.ToJsonString(), brief)).Objections.Select(objection => objection.Rule)];

    private static Task<(Draft? Draft, IReadOnlyList<Objection> Objections)> ReviewAsync(PieceKind kind, JsonObject document) => ReviewTextAsync(kind, document.ToJsonString(), null);

    private static async Task<(Draft? Draft, IReadOnlyList<Objection> Objections)> ReviewTextAsync(PieceKind kind, string reply, Brief? brief)
    {
        var library = await PromptLibrary.LoadAsync(typeof(Program).Assembly);
        return ReplyReview.Review(kind, library.Get(kind.Name, 1).Schema, reply, brief ?? kind.BriefFor(Order));
    }
}

internal static class JsonElementParts
{
    public static JsonElement Without(this JsonElement element, string property)
    {
        var rest = JsonObject.Create(element)!;
        rest.Remove(property);
        return JsonSerializer.SerializeToElement(rest);
    }
}
