using System.Text.Json.Nodes;
using Empire.Sandbox.Composer;
using Empire.Sandbox.Composer.Recipes;
using Empire.Sandbox.Composer.Reviews;
using Empire.Sandbox.Networks;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Sandbox.Tests.Composer;

/// <summary>The composer without its HTTP door, and what the tests know of its material.</summary>
public static class Author
{
    static readonly ServiceProvider Services = Build();

    public static FoodTable Foods => Services.GetRequiredService<FoodTable>();
    public static Cookbook Cookbook => Services.GetRequiredService<Cookbook>();
    public static TradeKnowledge Knowledge => Services.GetRequiredService<TradeKnowledge>();
    public static IReadOnlyList<Product> Products { get; } = new Catalogue().Products;

    public static JsonObject Write(string task, object brief, long? seed = null)
    {
        var order = new JsonObject { ["task"] = task, ["brief"] = brief as JsonNode ?? System.Text.Json.JsonSerializer.SerializeToNode(brief) };
        var answer = Services.GetRequiredService<OfflineComposer>().Answer($"Follow the system message.\nBRIEF\n{order.ToJsonString()}", seed, null);
        Assert.Null(answer.Refusal);
        return JsonNode.Parse(answer.Content!)!.AsObject();
    }

    public static object About(Product p, int? words = null) => new
    {
        product = new { id = p.Id, name = p.Name, brand = p.Brand, niche = p.Niche, price = p.Price, currency = "USD", description = p.Description, features = p.Features, rating = p.Rating, review_count = p.ReviewCount },
        audience = "people who are new to it",
        keywords = new[] { "first keyword" },
        language = "en",
        words,
    };

    /// <summary>Running words, headings and list entries included, markup not.</summary>
    public static int Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Count(w => w.Any(char.IsLetterOrDigit));

    static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddComposer();
        return services.BuildServiceProvider();
    }
}
