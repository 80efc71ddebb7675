using Empire.Publishing.Blog.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Empire.Publishing.Blog;

/// <summary>Draws pages: Razor components rendered once, to text, on the server. No script reaches the reader.</summary>
public sealed class BlogHtml(IServiceProvider services, ILoggerFactory logs)
{
    public Task<string> FrontAsync(FrontModel model) => RenderAsync<FrontView>(model);
    public Task<string> ListAsync(ListModel model) => RenderAsync<ListView>(model);
    public Task<string> PostAsync(PostModel model) => RenderAsync<PostView>(model);
    public Task<string> RecipeAsync(RecipeModel model) => RenderAsync<RecipeView>(model);
    public Task<string> AboutAsync(Frame frame) => RenderAsync<AboutView>(frame);
    public Task<string> NotFoundAsync(Frame frame) => RenderAsync<NotFoundView>(frame);

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
