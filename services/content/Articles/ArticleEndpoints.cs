using Empire.Configuration;

namespace Empire.Content.Articles;

public static class ArticleEndpoints
{
    public static void AddArticles(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<StorageOptions>("Storage").PostConfigure(
            options => options.Folder = Path.Combine(builder.Configuration["EMPIRE_HOME"] ?? "", options.Folder)); // an absolute folder stays as it is
        builder.Services.AddSingleton<ArticleFiles>();
    }

    public static void MapArticles(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/seo/content", CreateArticle.HandleAsync).WithName("CreateArticle").WithTags("Articles").WithIdempotencyKey();
}
