using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.Blog;

/// <summary>A page as an MDX file: YAML front matter, then Markdown with absolute tracked links. For sites built by another generator from our pieces.</summary>
public static partial class Mdx
{
    /// <summary>A JSON string is a YAML string too.</summary>
    private static readonly JsonSerializerOptions Yaml = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <param name="publication">As the API shows it: <c>pub_…</c>.</param>
    public static string Of(Site site, string publication, Page page)
    {
        var link = page.AffiliatePath is { } path ? site.UrlOf(path) : null;
        var (keywords, body) = page.Summary.Kind == PageSummary.Recipe ? OfRecipe(DocumentJson.Parse<RecipeDocument>(page.Document)) : OfPost(DocumentJson.Parse<BlogPostDocument>(page.Document), page, link);
        var mdx = new StringBuilder("---\n");
        Field("title", page.Summary.Title);
        Field("description", page.Summary.Description);
        Field("slug", page.Summary.Slug);
        Field("kind", page.Summary.Kind);
        Field("date", $"{page.Summary.PublishedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        Field("updated", $"{page.Summary.UpdatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        Field("canonical", site.UrlOf(page.Summary.Path));
        Field("publication", publication);
        if (page.Summary.Niche is { } niche) Field("niche", niche);
        if (page.ProductImage is { } image) Field("image", site.UrlOf($"/media/{image}"));
        if (link is not null) Field("affiliate_link", link);
        mdx.Append("affiliate: ").Append(link is null ? "false" : "true").Append("\ntest: ").Append(page.Summary.Test ? "true" : "false").Append('\n');
        mdx.Append("tags: ").Append(JsonSerializer.Serialize(keywords, Yaml)).Append("\n---\n\n");
        if (page.Product is { } product) mdx.Append("> **Paid links ahead.** If you buy through the links to ").Append(Plain(product.Name)).Append(", we earn a commission. It costs you nothing extra.\n\n");
        return mdx.Append(body.TrimEnd()).Append('\n').ToString();

        void Field(string name, string value) => mdx.Append(name).Append(": ").Append(JsonSerializer.Serialize(value, Yaml)).Append('\n');
    }

    private static (IReadOnlyList<string> Keywords, string Body) OfPost(BlogPostDocument post, Page page, string? link)
    {
        var affiliate = AffiliateLink.Of(page.Product, link);
        var body = ProductLink().Replace(post.BodyMarkdown, match => affiliate?.Leads(match.Value) == true ? affiliate.Path : "#");
        return (post.Keywords, Plain(body));
    }

    private static (IReadOnlyList<string> Keywords, string Body) OfRecipe(RecipeDocument recipe)
    {
        var body = new StringBuilder(Plain(recipe.Description)).Append("\n\n");
        body.Append($"Prep {recipe.PrepMinutes} min, cook {recipe.CookMinutes} min, serves {recipe.Servings}.\n\n## Ingredients\n\n");
        foreach (var ingredient in recipe.Ingredients) body.Append("- ").Append(Plain(ingredient.Text)).Append('\n');
        body.Append("\n## Method\n\n");
        for (var i = 0; i < recipe.Instructions.Count; i++) body.Append(i + 1).Append(". ").Append(Plain(recipe.Instructions[i])).Append('\n');
        if (recipe.NutritionPerServing is { } nutrition)
            body.Append($"\n## Per serving\n\n{nutrition.Kcal:0} kcal, {nutrition.ProteinG:0.#} g protein, {nutrition.FatG:0.#} g fat, {nutrition.CarbohydrateG:0.#} g carbohydrate, {nutrition.FiberG:0.#} g fibre, {nutrition.SodiumMg:0} mg sodium.\n");
        return ([.. recipe.Tags.Concat(recipe.SeoKeywords).Distinct(StringComparer.OrdinalIgnoreCase)], body.ToString());
    }

    /// <summary>MDX reads <c>&lt;</c> as the start of a component and <c>{</c> as code: a writer's text must be neither.</summary>
    private static string Plain(string markdown) => markdown.Replace("<", "&lt;", StringComparison.Ordinal).Replace("{", "&#123;", StringComparison.Ordinal).Replace("}", "&#125;", StringComparison.Ordinal);

    [GeneratedRegex(@"product:[0-9a-fA-F-]{36}")] private static partial Regex ProductLink();
}
