using System.Net.Http.Json;
using System.Text.Json;
using Empire.Content.Tests.Stubs;
using Empire.Contracts;
using Grpc.Core;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Tests.Pieces;

public sealed class RequestPiecesTests(ContentApp app) : IClassFixture<ContentApp>
{
    private readonly V1.Content.ContentClient pieces = app.ClientOfPieces();

    [Theory]
    [InlineData("blog_post", "blog", "anthropic/claude-3.5-sonnet")]
    [InlineData("script", "youtube", "gpt-5")]
    [InlineData("social_post", "x", "gpt-4o-mini")]
    [InlineData("recipe", "blog", "gpt-4")]
    public async Task Every_kind_is_generated_stored_and_announced_with_its_cost(string kind, string platform, string model)
    {
        var wish = ContentApp.Wish($"made-{kind}", kind);
        var batch = Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString();

        var asked = await pieces.RequestPiecesAsync(new() { BatchId = batch, Pieces = { wish } });
        var piece = await app.FinishedAsync(pieces, asked.Pieces.Single().PieceId);

        Assert.Equal("generated", piece.State);
        Assert.Equal((platform, model, $"{kind}@1", true), (piece.Platform, piece.Model, piece.PromptVersion, piece.Test));
        Assert.Equal(wish.Product, piece.Product);
        Assert.NotEmpty(piece.Title);
        Assert.NotEmpty(piece.DocumentJson);
        Assert.True(piece.Cost.Micros > 0);
        var announced = (await app.EventsAsync(nameof(PieceGenerated))).Select(body => JsonSerializer.Deserialize<PieceGenerated>(body, JsonSerializerOptions.Web)!).Single(fact => fact.PieceId == Guid.Parse(piece.PieceId));
        Assert.Equal((batch, piece.Title), (announced.BatchId.ToString(), announced.Title));
        var cost = (await app.EventsAsync(nameof(CostIncurred))).Select(body => JsonSerializer.Deserialize<CostIncurred>(body, JsonSerializerOptions.Web)!).Single(fact => fact.PieceId == Guid.Parse(piece.PieceId));
        Assert.Equal(piece.Cost.Micros, cost.Micros);
        Assert.Equal((wish.Product.Id, $"{kind}@1", "llm"), (cost.ProductId.ToString(), cost.PromptVersion, cost.Category));
    }

    [Fact]
    public async Task A_repeated_key_gives_the_same_piece_and_no_second_call()
    {
        const string Niche = "repeated grinding";
        var wish = ContentApp.Wish("repeated", niche: Niche);
        var first = (await pieces.RequestPiecesAsync(new() { Pieces = { wish } })).Pieces.Single();
        await app.FinishedAsync(pieces, first.PieceId);
        var calls = CallsAbout(Niche);

        var second = (await pieces.RequestPiecesAsync(new() { Pieces = { wish, ContentApp.Wish("repeated", "script", Niche) } })).Pieces;

        Assert.All(second, piece => Assert.Equal((first.PieceId, "generated"), (piece.PieceId, piece.State)));
        Assert.Equal(calls, CallsAbout(Niche));
    }

    /// <summary>Of this one alone: others' pieces may still be written.</summary>
    private int CallsAbout(string niche) => app.Llm.Requests.Count(request => request.LastUserText.Contains(niche, StringComparison.Ordinal));

    [Fact]
    public async Task The_same_key_of_another_tenant_is_another_piece_which_only_that_tenant_sees()
    {
        var mine = (await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("shared key") } })).Pieces.Single();
        var other = app.ClientOfPieces(TenantId.New(app.Clock.GetUtcNow()));

        var theirs = (await other.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("shared key") } })).Pieces.Single();

        Assert.NotEqual(mine.PieceId, theirs.PieceId);
        var denied = await Assert.ThrowsAsync<RpcException>(() => other.GetPieceAsync(new() { PieceId = mine.PieceId }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, denied.StatusCode);
    }

    [Fact]
    public async Task A_wish_that_cannot_be_fulfilled_is_refused_by_field_and_leaves_none_of_its_batch()
    {
        var poem = ContentApp.Wish("a poem", "poem");

        var refused = await Assert.ThrowsAsync<RpcException>(() => pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("beside the poem"), poem } }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("pieces[1].kind", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from pieces where request_key = 'beside the poem'"));
    }

    [Fact]
    public async Task A_piece_that_no_model_can_write_fails_with_its_reason()
    {
        app.Llm.Otherwise = request => request.Brief.GetProperty("task").GetString() == "script" ? StubReply.Of(GoodDocument.SocialPost()) : StubReply.Good(request);

        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("impossible", "script") } });
        var piece = await app.FinishedAsync(pieces, asked.Pieces.Single().PieceId);

        app.Llm.Otherwise = StubReply.Good;
        Assert.Equal("failed", piece.State);
        Assert.Contains("schema: hook: is missing", piece.Failure, StringComparison.Ordinal);
        Assert.True(piece.Cost.Micros > 0);
        var failed = Assert.Single(await app.EventsAsync(nameof(PieceFailed)));
        Assert.Contains(piece.PieceId, failed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalogue_lists_pieces_newest_first_by_filter()
    {
        var client = app.OwnerClient();
        var answer = await client.PostAsJsonAsync("/api/v1/content/pieces", new { kind = "social_post", product = new { name = "Kettle", niche = "kettles", url = "https://shop.example/kettle" } });
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await app.FinishedAsync(pieces, PublicId.Parse("piece", id).ToString());

        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/content/pieces?kind=social_post&state=generated&niche=kettles&prompt_version=social_post@1");

        Assert.Equal(id, Assert.Single(page.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
    }
}
