using Empire.Configuration;

namespace Empire.Publishing.Blog;

/// <summary>The public site. Every address answers GET and HEAD, without a caller.</summary>
public static class BlogEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void AddBlog(this WebApplicationBuilder builder)
    {
        builder.AddSettings<BlogOptions>("Blog");
        builder.Services.AddSingleton<BlogHtml>();
        builder.Services.AddSingleton<Visit.Door>();
        builder.Services.AddSingleton(System.Text.Encodings.Web.HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All)); // é stays é; < still becomes &lt;
    }

    public static void MapBlog(this IEndpointRouteBuilder app)
    {
        var site = app.MapGroup("").AllowAnonymous().WithSiteHeaders().ExcludeFromDescription();
        site.MapMethods("/", Reads, BlogPages.FrontAsync);
        site.MapMethods("/blog", Reads, BlogPages.PostsAsync);
        site.MapMethods("/blog/{slug}", Reads, BlogPages.PostAsync);
        site.MapMethods("/recipes", Reads, BlogPages.RecipesAsync);
        site.MapMethods("/recipes/{slug}", Reads, BlogPages.RecipeAsync);
        site.MapMethods("/niches/{niche}", Reads, BlogPages.NicheAsync);
        site.MapMethods("/about", Reads, BlogPages.AboutAsync);
        site.MapMethods("/media/{name}", Reads, BlogFiles.MediaAsync);
        site.MapMethods("/covers/{kind}/{slug}.svg", Reads, BlogFiles.CoverAsync);
        site.MapMethods("/assets/{name}", Reads, BlogFiles.Asset);
        site.MapMethods("/sitemap.xml", Reads, BlogFiles.SitemapAsync);
        site.MapMethods("/rss.xml", Reads, BlogFiles.FeedAsync);
        site.MapMethods("/robots.txt", Reads, BlogFiles.RobotsAsync);
        foreach (var part in (string[])["blog", "recipes", "niches"]) site.MapMethods($"/{part}/{{**rest}}", Reads, BlogPages.NotFoundAsync).WithOrder(1);
    }
}
