namespace Empire.Content.Recipes;

public static class RecipeEndpoints
{
    private const string AmazonTag = "AFFILIATE_AMAZON_TAG";

    public static void AddRecipes(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<AffiliateOptions>().Configure<IConfiguration>((options, configuration) => options.AmazonTag = configuration[AmazonTag] ?? "");

    public static void MapRecipes(this IEndpointRouteBuilder app)
    {
        var recipes = app.MapGroup("/api/recipes").WithTags("Recipes");
        recipes.MapPost("/", CreateRecipe.HandleAsync).WithName("CreateRecipe").WithIdempotencyKey();
        recipes.MapGet("/", ListRecipes.HandleAsync).WithName("ListRecipes");
        recipes.MapGet("/{id}", GetRecipe.HandleAsync).WithName("GetRecipe");
    }
}
