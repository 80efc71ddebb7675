extern alias sandbox;

using System.Net.Http.Json;
using System.Text.Json;
using Empire.Content.Tests.Stubs;
using Catalogue = sandbox::Empire.Sandbox.Networks.Catalogue;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Tests.Pieces;

/// <summary>The offline author of the sandbox against the checks of content: what a demonstration shows must pass at the first try.</summary>
public sealed class AgainstTheSandboxTests : IAsyncLifetime
{
    private SandboxProcess outside = null!;
    private ContentApp app = null!;

    public async ValueTask InitializeAsync()
    {
        outside = await SandboxProcess.StartAsync();
        app = await ContentApp.StartAsync(
            ("Providers:OpenAI:BaseAddress", $"{outside.Address}/openai/v1"), ("Providers:OpenRouter:BaseAddress", $"{outside.Address}/openrouter/api/v1"),
            ("Providers:OpenAI:Calls", "10000"), ("Providers:OpenRouter:Calls", "10000"), ("DAILY_BUDGET", "1000"));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await outside.DisposeAsync();
    }

    [Fact]
    public async Task Every_kind_of_piece_for_a_product_of_every_niche_passes_at_the_first_try()
    {
        var pieces = app.ClientOfPieces();
        var products = new Catalogue().Products.GroupBy(product => product.Niche).SelectMany(niche => niche.Take(2));

        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { products.SelectMany(WishesFor) } });
        foreach (var piece in asked.Pieces) await app.FinishedAsync(pieces, piece.PieceId);

        var faults = await FaultsAsync();
        Assert.True(faults.Length == 0, faults); // whole: Assert.Equal would cut the reasons short
        Assert.Equal(asked.Pieces.Count, await app.ReadAsync<long>("select count(*) from llm_calls where outcome = 'accepted'"));
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from llm_calls where outcome is distinct from 'accepted'"));
    }

    [Fact]
    public async Task Every_category_diet_and_cuisine_gives_a_recipe_that_agrees_with_itself()
    {
        var client = app.OwnerClient();
        string[] categories = ["breakfast", "lunch", "dinner", "dessert", "snack"], diets = ["omnivore", "vegetarian", "vegan", "paleo", "keto"], cuisines = ["american", "italian", "mexican", "asian", "middle_eastern"];

        for (var i = 0; i < 25; i++)
        {
            var answer = await client.PostAsJsonAsync("/api/recipes", new { category = categories[i % 5], diet_type = diets[i / 5], cuisine = cuisines[(i + i / 5) % 5], servings = i % 12 + 1 });
            Assert.True(answer.IsSuccessStatusCode, $"{categories[i % 5]}, {diets[i / 5]}, {cuisines[(i + i / 5) % 5]}: {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from llm_calls where outcome is distinct from 'accepted'"));
    }

    [Theory]
    [InlineData("article", 2000)]
    [InlineData("guide", 2500)]
    [InlineData("comparison", 3000)]
    public async Task Articles_keep_to_their_length(string type, int words)
    {
        var answer = await app.OwnerClient().PostAsJsonAsync("/api/seo/content", new { keyword = "pour over coffee", domain = "coffee.example", word_count = words, content_type = type });

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.InRange((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("word_count").GetInt32(), 2000, 3000);
    }

    [Fact]
    public async Task Every_type_of_product_for_every_niche_is_listed_and_reviewed_at_the_first_try()
    {
        var listings = app.ClientOfListings();
        foreach (var niche in new Catalogue().Products.Select(product => product.Niche).Distinct().Append("beekeeping on balconies"))
        {
            var titles = new List<string>();
            foreach (var type in (string[])["", "course", "coaching", "template", "guide", "tool", "guide"])
            {
                var request = new V1.WriteListingRequest { RequestKey = $"{niche} {titles.Count}", Niche = niche, ProductType = type, Currency = "USD" };
                request.ExistingTitles.AddRange(titles);
                var listed = JsonDocument.Parse((await listings.WriteListingAsync(request)).DocumentJson).RootElement;
                titles.Add(listed.GetProperty("title").GetString()!);
                foreach (var spoilt in (string[])["", "one line", new string('x', 300)])
                {
                    var review = new V1.ReviewListingRequest
                    {
                        RequestKey = $"{niche} {titles.Count} {spoilt.Length}", Niche = niche, Title = titles[^1], Description = spoilt.Length > 0 ? spoilt : listed.GetProperty("description").GetString(),
                        ProductType = listed.GetProperty("product_type").GetString(), Currency = "USD", PriceMicros = spoilt.Length == 8 ? 100_000_000 : Money.Of(listed.GetProperty("price").GetDecimal(), Currency.Usd).Micros,
                        SeoTitle = spoilt.Length > 0 ? spoilt : "A title", MetaDescription = spoilt.Length > 0 ? spoilt : "A description", Slug = spoilt.Length > 0 ? "Not A Slug" : "a-slug",
                    };
                    review.Features.AddRange(spoilt.Length > 0 ? ["one", "One"] : listed.GetProperty("features").EnumerateArray().Select(feature => feature.GetString()));
                    review.Keywords.AddRange(spoilt.Length > 0 ? [] : listed.GetProperty("seo").GetProperty("keywords").EnumerateArray().Select(word => word.GetString()));
                    var changes = JsonDocument.Parse((await listings.ReviewListingAsync(review)).DocumentJson).RootElement.GetProperty("changes");
                    Assert.NotEmpty(changes.EnumerateArray());
                }
            }
            Assert.Equal(titles.Count, titles.Distinct().Count());
        }
        Assert.Equal("", await FaultsAsync());
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from llm_calls where outcome is distinct from 'accepted'"));
    }

    private static IEnumerable<V1.PieceRequest> WishesFor(sandbox::Empire.Sandbox.Networks.Product product) =>
        ((string[])["blog_post", "script", "social_post", .. product.Niche is "kitchen" or "home coffee" ? ["recipe"] : Array.Empty<string>()]).Select(kind =>
        {
            var wish = ContentApp.Wish($"{product.Id} {kind}", kind, product.Niche);
            (wish.Product.Name, wish.Product.Brand, wish.Product.Description) = (product.Name, product.Brand, product.Description);
            (wish.Product.Rating, wish.Product.ReviewCount) = ((double)product.Rating, product.ReviewCount);
            wish.Product.Price = new() { Micros = Money.Of(product.Price, Currency.Usd).Micros, Currency = "USD" };
            wish.Product.Features.Clear();
            wish.Product.Features.AddRange(product.Features);
            return wish;
        });

    private Task<string> FaultsAsync() => app.ReadAsync<string>("select coalesce(string_agg(kind || ' ' || (product->>'name') || ': ' || failure, E'\\n'), '') from pieces where state = 'failed'");
}
