using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Content.Tests.Recipes;

/// <summary>What the bus tells content, over the real broker.</summary>
public sealed class RecipeEventsTests
{
    [Fact]
    public async Task A_publication_marks_the_recipe_and_a_followed_link_counts_a_click()
    {
        await using var app = await ContentApp.StartAsync();
        var client = app.OwnerClient();
        var created = await client.PostAsJsonAsync("/api/recipes", new { category = "dinner" });
        var id = PublicId.Parse("piece", (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        var now = app.Clock.GetUtcNow();

        await PublishAsync(app, new ContentPublished
        {
            TenantId = app.Tenant.Value, PublicationId = Guid.CreateVersion7(now), PieceId = id, Channel = "blog", Url = "https://blog.example/r", PromptVersion = "recipe@1", Test = true, OccurredAt = now,
        });
        await PublishAsync(app, new AffiliateClicked { TenantId = app.Tenant.Value, ClickId = Guid.CreateVersion7(now), LinkCode = "abc", PieceId = id, OccurredAt = now });

        await Eventually.TrueAsync(async () => await app.ReadAsync<bool>("select published and clicks = 1 from recipes where id = @id", new { id }));
        var published = await client.GetFromJsonAsync<JsonElement>("/api/recipes?published=true");
        Assert.Equal(1, published.GetProperty("data").GetArrayLength());
    }

    /// <summary>From an outbox like any other service's.</summary>
    private static async Task PublishAsync<TEvent>(ContentApp app, TEvent fact) where TEvent : class
    {
        await using var work = await app.Database.BeginAsync(app.Tenant, default);
        work.Publish(fact);
        await work.CommitAsync(default);
    }
}
