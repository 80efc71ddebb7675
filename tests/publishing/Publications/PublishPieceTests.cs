using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace Empire.Publishing.Tests.Publications;

/// <summary><c>POST /api/v1/publications</c>.</summary>
public sealed class PublishPieceTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    [Fact]
    public async Task A_piece_of_ones_own_is_made_public_once_and_an_eleventh_of_the_day_too()
    {
        using var client = app.ClientOf(app.Tenant);
        for (var i = 0; i < 11; i++)
        {
            var piece = PublicId.Format("piece", app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = $"mine-{i}" })));
            var (status, made) = await PublishAsync(client, piece, "blog");
            Assert.Equal((HttpStatusCode.Created, "planned", JsonValueKind.Null), (status, made.GetProperty("state").GetString(), made.GetProperty("batch_id").ValueKind));
            await app.PublishedAsync($"{PublicId.Parse("pub", made.GetProperty("id").GetString()!)}");
            var (again, same) = await PublishAsync(client, piece, "blog");
            Assert.Equal((HttpStatusCode.OK, made.GetProperty("id").GetString(), "published"), (again, same.GetProperty("id").GetString(), same.GetProperty("state").GetString()));
        }
        Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().GetAsync("/blog/mine-10")).StatusCode);
    }

    [Fact]
    public async Task One_that_failed_is_tried_again()
    {
        using var client = app.ClientOf(app.Tenant);
        var piece = app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = "second-try" }));
        var (_, made) = await PublishAsync(client, $"{piece}", "blog");
        var id = PublicId.Parse("pub", made.GetProperty("id").GetString()!);
        await app.PublishedAsync($"{id}");
        await using (var database = await app.TestDatabase.OpenAsOwnerAsync())
            await database.ExecuteAsync("update publications set state = 'failed', failure = 'The platform was away.', failures = 24, url = null where id = @id; delete from pages where id = @id", new { id });
        var (status, revived) = await PublishAsync(client, $"{piece}", "blog");
        Assert.Equal((HttpStatusCode.Created, "planned", JsonValueKind.Null), (status, revived.GetProperty("state").GetString(), revived.GetProperty("failure").ValueKind));
        await app.PublishedAsync($"{id}");
    }

    [Theory]
    [InlineData("piece_0199f3a17c5b7d3e8a4b5c6d7e8f9099", "blog", HttpStatusCode.NotFound, "PIECE_NOT_FOUND")]
    [InlineData("seven", "blog", HttpStatusCode.BadRequest, "piece_id")]
    [InlineData("piece_0199f3a17c5b7d3e8a4b5c6d7e8f9099", "fax", HttpStatusCode.BadRequest, "channel")]
    public async Task What_cannot_be_published_is_refused_by_name(string piece, string channel, HttpStatusCode status, string said)
    {
        using var client = app.ClientOf(app.Tenant);
        var (answered, problem) = await PublishAsync(client, piece, channel);
        Assert.Equal(status, answered);
        Assert.Contains(said, problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_a_channel_does_not_take_and_a_text_against_the_rules_are_422()
    {
        using var client = app.ClientOf(app.Tenant);
        var script = await PublishAsync(client, $"{app.Content.Add("script", "{}")}", "blog");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "CHANNEL_KIND"), (script.Status, script.Body.GetProperty("code").GetString()));
        var urgent = await PublishAsync(client, $"{app.Content.Add("blog_post", Samples.PostJson(post => post with { BodyMarkdown = "But **act now**: it is good." }))}", "blog");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "FALSE_URGENCY"), (urgent.Status, urgent.Body.GetProperty("code").GetString()));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PublishAsync(HttpClient client, string piece, string channel)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/publications", new { piece_id = piece, channel });
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
