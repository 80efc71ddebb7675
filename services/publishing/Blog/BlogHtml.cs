using Empire.Publishing.Blog.Views;
using Empire.Publishing.Pieces;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Empire.Publishing.Blog;

/// <summary>Draws pages: Razor components rendered once, to text, on the server. No script reaches the reader.</summary>
public sealed class BlogHtml(IServiceProvider services, ILoggerFactory logs)
{
    public Task<string> FrontAsync(FrontModel model) => RenderAsync<FrontView>(model);
    public Task<string> ListAsync(ListModel model) => RenderAsync<ListView>(model);
    public Task<string> AboutAsync(Frame frame) => RenderAsync<AboutView>(frame);
    public Task<string> NotFoundAsync(Frame frame) => RenderAsync<NotFoundView>(frame);

    /// <param name="related">Other pages of the same kind, for the foot of the page.</param>
    /// <exception cref="System.Text.Json.JsonException">The page's document is not of its kind.</exception>
    public Task<string> PageAsync(Frame frame, Page page, IReadOnlyList<PageSummary> related)
    {
        if (page.Summary.Kind == PageSummary.Recipe)
            return RenderAsync<RecipeView>(new RecipeModel(frame, page, DocumentJson.Parse<RecipeDocument>(page.Document), related));
        var document = DocumentJson.Parse<BlogPostDocument>(page.Document);
        return RenderAsync<PostView>(new PostModel(frame, page, document, ArticleMarkdown.Render(document.BodyMarkdown, document.Title, AffiliateLink.Of(page)), related));
    }

    private async Task<string> RenderAsync<TView>(object model) where TView : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TView>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model }));
            return root.ToHtmlString();
        });
    }
}
