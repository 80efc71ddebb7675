using Empire.Testing;

namespace Empire.Content.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(ContentApp app) : IClassFixture<ContentApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var pieces = app.ClientOfPieces();
        var asked = await pieces.RequestPiecesAsync(new() { BatchId = Guid.CreateVersion7().ToString(), Pieces = { ContentApp.Wish("a"), ContentApp.Wish("b", "recipe", "kitchen"), ContentApp.Wish("c", "script") } });
        foreach (var piece in asked.Pieces) await app.FinishedAsync(pieces, piece.PieceId);
        await IsolationMatrix.AssertAsync(app, app.Tenant, new()
        {
            Words = new Dictionary<string, string>
            {
                ["GET /api/v1/content/prompts/{kind}/{version}"] = "prompts come with the installation",
                ["PUT /api/v1/content/prompts/{kind}"] = "kinds come with the installation; each account chooses its own version",
            },
        });
    }
}
