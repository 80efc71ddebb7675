using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Data;

namespace Empire.Content.Recipes;

/// <summary>A recipe as the API shows it.</summary>
/// <param name="PrepTime">As in <c>15 minutes</c>.</param>
/// <param name="NutritionInfo">Per serving.</param>
/// <param name="AffiliateLinks">Empty when they were not wanted. A link to <c>product:UUID</c> becomes a tracked one where it is published.</param>
/// <example>{"id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "title": "Tomato and White Bean Pasta",
/// "description": "A vegan pasta dinner in 25 minutes. Beans and tomatoes make a sauce that needs no cheese.", "ingredients": [{"name": "short pasta", "quantity": 360, "unit": "g",
/// "grams": 360}, {"name": "cooked white beans", "quantity": 400, "unit": "g", "grams": 400}, {"name": "tinned tomatoes", "quantity": 400, "unit": "g", "grams": 400}, {"name": "olive oil",
/// "quantity": 2, "unit": "tbsp", "grams": 27}, {"name": "garlic", "quantity": 2, "unit": "clove", "grams": 6}],
/// "instructions": ["Boil the short pasta in salted water until it is almost done.", "Warm the olive oil, and let the garlic soften in it.",
/// "Add the tinned tomatoes and the cooked white beans, and simmer for 10 minutes.", "Fold in the pasta, let it finish in the sauce, and serve."], "prep_time": "10 minutes",
/// "cook_time": "15 minutes", "servings": 4, "difficulty": "easy", "category": "dinner", "cuisine": "italian", "diet_type": "vegan", "tags": ["pasta", "beans", "weeknight"],
/// "nutrition_info": {"kcal": 512, "protein_g": 20, "fat_g": 9, "carbohydrate_g": 82, "fiber_g": 11, "sodium_mg": 380}, "seo_keywords": ["vegan pasta", "white bean pasta",
/// "tomato bean pasta", "easy vegan dinner", "weeknight pasta", "italian vegan recipe", "bean pasta sauce", "25 minute dinner", "dairy-free pasta", "pantry pasta"], "affiliate_links": [],
/// "image_prompt": "A bowl of pasta with tomatoes and white beans on a wooden table, seen from above.",
/// "video_prompt": "Hands fold pasta into a simmering tomato sauce, then a bowl is set on the table.", "created_at": "2026-03-02T08:00:04+00:00", "updated_at": "2026-03-02T08:00:04+00:00",
/// "published": false, "views": 1, "clicks": 0, "prompt_version": "recipe@1", "model": "gpt-4", "cost": 0.08871, "test": false}</example>
public sealed record RecipeView(
    PieceId Id, string Title, string? Description, IReadOnlyList<Recipe.Ingredient> Ingredients, IReadOnlyList<string> Instructions, string PrepTime, string CookTime,
    int Servings, string Difficulty, string Category, string Cuisine, string DietType, IReadOnlyList<string> Tags, Recipe.Nutrition NutritionInfo,
    IReadOnlyList<string> SeoKeywords, IReadOnlyList<RecipeView.AffiliateLink> AffiliateLinks, string? ImagePrompt, string? VideoPrompt, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, bool Published, long Views, long Clicks, string PromptVersion, string Model, decimal Cost, bool Test)
{
    public sealed record AffiliateLink(string Name, string Reason, string Url);
}

internal static class RecipeTable
{
    private const string Select =
        """
        select r.*, p.kind || '@' || p.prompt_version as prompt_name, p.model, p.cost_micros, p.test from recipes r join pieces p on p.id = r.id
        """;

    public static Task AddAsync(Work work, Piece piece, Recipe recipe, RecipeBrief brief, AffiliateOptions affiliate, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into recipes (id, tenant_id, title, description, ingredients, instructions, prep_time, cook_time, servings, difficulty, category, cuisine, diet_type, tags,
          nutrition_info, seo_keywords, affiliate_links, image_prompt, video_prompt, created_at, updated_at)
        values (@Id, current_tenant(), @Title, @Description, @ingredients::jsonb, @instructions::jsonb, make_interval(mins => @PrepMinutes), make_interval(mins => @CookMinutes),
          @Servings, @Difficulty, @Category, @Cuisine, @DietType, @tags::jsonb, @nutrition::jsonb, @keywords::jsonb, @links::jsonb, @ImagePrompt, @VideoPrompt, @now, @now)
        """,
        new
        {
            piece.Id, recipe.Title, recipe.Description, recipe.PrepMinutes, recipe.CookMinutes, recipe.Servings, recipe.Difficulty, recipe.Category, recipe.Cuisine,
            recipe.DietType, recipe.ImagePrompt, recipe.VideoPrompt,
            ingredients = Json(recipe.Ingredients),
            instructions = Json(recipe.Instructions),
            tags = Json(recipe.Tags),
            nutrition = Json(recipe.NutritionPerServing),
            keywords = Json(recipe.SeoKeywords),
            links = Json(brief.IncludeAffiliate ? Links(recipe, brief, affiliate) : []),
            now = piece.FinishedAt,
        }, ct);

    public static async Task<RecipeView?> FindAsync(Work work, PieceId id, CancellationToken ct) =>
        (await work.QuerySingleOrDefaultAsync<Row>($"{Select} where r.tenant_id = current_tenant() and r.id = @id", new { id }, ct))?.ToView();

    /// <returns>Newest first. The bounds are half open: from included, to not.</returns>
    public static async Task<IReadOnlyList<RecipeView>> ListAsync(
        Work work, string? category, bool? published, DateTimeOffset? from, DateTimeOffset? to, (DateTimeOffset CreatedAt, Guid Id)? after, int limit, CancellationToken ct) =>
        [.. (await work.QueryAsync<Row>(
            $"""
            {Select}
            where r.tenant_id = current_tenant()
              and (@category::text is null or r.category = @category) and (@published::boolean is null or r.published = @published)
              and r.created_at >= coalesce(@from, '-infinity'::timestamptz) and r.created_at < coalesce(@to, 'infinity'::timestamptz)
              and (r.created_at, r.id) < (coalesce(@afterTime, 'infinity'::timestamptz), coalesce(@afterId, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
            order by r.created_at desc, r.id desc limit @limit
            """, new { category, published, from, to, afterTime = after?.CreatedAt, afterId = after?.Id, limit }, ct)).Select(row => row.ToView())];

    /// <returns>False when the tenant has no such recipe.</returns>
    public static async Task<bool> AddViewAsync(Work work, PieceId id, CancellationToken ct) =>
        await work.ExecuteAsync("update recipes set views = views + 1 where tenant_id = current_tenant() and id = @id", new { id }, ct) == 1;

    public static Task AddClickAsync(Work work, PieceId id, CancellationToken ct) => work.ExecuteAsync("update recipes set clicks = clicks + 1 where tenant_id = current_tenant() and id = @id", new { id }, ct);

    public static Task PublishAsync(Work work, PieceId id, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync("update recipes set published = true, updated_at = @now where tenant_id = current_tenant() and id = @id and not published", new { id, now }, ct);

    private static IEnumerable<RecipeView.AffiliateLink> Links(Recipe recipe, RecipeBrief brief, AffiliateOptions affiliate) => recipe.ProductRecommendations.Select(item => new RecipeView.AffiliateLink(
        item.Name, item.Reason, brief.Product is { } product && product.Name == item.Name ? $"product:{product.Id}" : affiliate.SearchFor(item.Name)));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, PieceJson.Options);

    private sealed class Row
    {
        public PieceId Id { get; init; }
        public string Title { get; init; } = "";
        public string? Description { get; init; }
        public string Ingredients { get; init; } = "";
        public string Instructions { get; init; } = "";
        public TimeSpan PrepTime { get; init; }
        public TimeSpan CookTime { get; init; }
        public int Servings { get; init; }
        public string Difficulty { get; init; } = "";
        public string Category { get; init; } = "";
        public string Cuisine { get; init; } = "";
        public string DietType { get; init; } = "";
        public string Tags { get; init; } = "";
        public string NutritionInfo { get; init; } = "";
        public string SeoKeywords { get; init; } = "";
        public string AffiliateLinks { get; init; } = "";
        public string? ImagePrompt { get; init; }
        public string? VideoPrompt { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public bool Published { get; init; }
        public long Views { get; init; }
        public long Clicks { get; init; }
        public string PromptName { get; init; } = "";
        public string Model { get; init; } = "";
        public long CostMicros { get; init; }
        public bool Test { get; init; }

        public RecipeView ToView() => new(
            Id, Title, Description, Read<Recipe.Ingredient[]>(Ingredients), Read<string[]>(Instructions), Minutes(PrepTime), Minutes(CookTime), Servings, Difficulty, Category,
            Cuisine, DietType, Read<string[]>(Tags), Read<Recipe.Nutrition>(NutritionInfo), Read<string[]>(SeoKeywords), Read<RecipeView.AffiliateLink[]>(AffiliateLinks),
            ImagePrompt, VideoPrompt, CreatedAt, UpdatedAt, Published, Views, Clicks, PromptName, Model, new Money(CostMicros, Currency.Usd).Amount, Test);

        private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, PieceJson.Options)!;

        private static string Minutes(TimeSpan time) => $"{time.TotalMinutes:0} {(time.TotalMinutes is 1 ? "minute" : "minutes")}";
    }
}
