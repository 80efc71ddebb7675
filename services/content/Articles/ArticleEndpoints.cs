using Empire.Configuration;

namespace Empire.Content.Articles;

public static class ArticleEndpoints
{
    public static void AddArticles(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<StorageOptions>("Storage");
        builder.Services.AddSingleton<ArticleFiles>();
    }

    public static void MapArticles(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/seo/content", CreateArticle.HandleAsync).WithName("CreateArticle").WithTags("Articles").WithIdempotencyKey();
}
