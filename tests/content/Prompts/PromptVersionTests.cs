using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Content.Prompts;
using Empire.Content.Tests.Stubs;
using Empire.Testing;

namespace Empire.Content.Tests.Prompts;

public sealed class PromptVersionTests(ContentApp app) : IClassFixture<ContentApp>
{
    [Fact]
    public async Task A_new_version_changes_only_the_pieces_asked_for_after_it_was_chosen()
    {
        var tenant = TenantId.New(app.Clock.GetUtcNow());
        var (client, pieces) = (app.ClientFor(tenant), app.ClientOfPieces(tenant));
        var first = new TaskCompletionSource();
        app.Llm.Script(StubReply.Of(GoodDocument.SocialPost()) with { Until = first.Task });
        var before = (await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("before", "social_post") } })).Pieces.Single().PieceId;
        await Eventually.TrueAsync(() => app.Llm.Requests.Count > 0);

        var chosen = await client.PutAsJsonAsync("/api/v1/content/prompts/social_post", new { version = 2 });
        first.SetResult();
        var after = (await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("after", "social_post") } })).Pieces.Single().PieceId;

        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
        Assert.Equal("social_post@1", (await app.FinishedAsync(pieces, before)).PromptVersion);
        Assert.Equal("social_post@2", (await app.FinishedAsync(pieces, after)).PromptVersion);
        Assert.Contains("a question of at most twelve words", app.Llm.Requests[^1].LastUserText, StringComparison.Ordinal);
        var active = (await client.GetFromJsonAsync<JsonElement>("/api/v1/content/prompts")).GetProperty("data").EnumerateArray().Where(prompt => prompt.GetProperty("active").GetBoolean());
        Assert.Contains("social_post@2", active.Select(prompt => prompt.GetProperty("name").GetString()));
        var stranger = app.ClientFor(TenantId.New(app.Clock.GetUtcNow()));
        Assert.False((await stranger.GetFromJsonAsync<JsonElement>("/api/v1/content/prompts/social_post/2")).GetProperty("prompt").GetProperty("active").GetBoolean());
    }

    [Theory]
    [InlineData("social_post", 99)]
    [InlineData("poem", 1)]
    public async Task An_unknown_version_does_not_exist(string kind, int version)
    {
        var client = app.OwnerClient();

        Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsJsonAsync($"/api/v1/content/prompts/{kind}", new { version })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/content/prompts/{kind}/{version}")).StatusCode);
    }

    [Fact]
    public async Task Every_kind_has_a_first_version_and_every_schema_keeps_to_what_strict_replies_allow()
    {
        var library = await PromptLibrary.LoadAsync(typeof(Program).Assembly);

        Assert.Equal(["article", "blog_post", "listing", "listing_review", "recipe", "script", "social_post"], library.All.Where(prompt => prompt.Version == 1).Select(prompt => prompt.Kind));
        Assert.All(library.All, prompt => AssertStrict(prompt.Schema.Element));
    }

    private static void AssertStrict(JsonElement schema)
    {
        Assert.Empty(schema.EnumerateObject().Select(keyword => keyword.Name).Except(["type", "properties", "required", "additionalProperties", "items", "enum", "minItems", "maxItems", "minimum", "maximum"]));
        if (schema.TryGetProperty("items", out var items)) AssertStrict(items);
        if (!schema.TryGetProperty("properties", out var properties)) return;
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(properties.EnumerateObject().Select(property => property.Name), schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        foreach (var property in properties.EnumerateObject()) AssertStrict(property.Value);
    }
}
