using Empire.Sandbox.Composer.Listings;
using Empire.Sandbox.Composer.Recipes;
using Empire.Sandbox.Composer.Reviews;

namespace Empire.Sandbox.Composer;

public static class ComposerSetup
{
    public static void AddComposer(this IServiceCollection services)
    {
        services.AddSingleton<OfflineComposer>();
        services.AddSingleton<FoodTable>().AddSingleton<Cookbook>().AddSingleton<RecipeAuthor>();
        services.AddSingleton<TradeKnowledge>().AddSingleton<BlogPostAuthor>().AddSingleton<ScriptAuthor>().AddSingleton<SocialPostAuthor>().AddSingleton<ArticleAuthor>();
        services.AddSingleton<ListingAuthor>().AddSingleton<ListingReviewAuthor>();
    }
}
