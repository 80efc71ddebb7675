using Empire.Content.Tests.Stubs;
using Empire.Testing;

namespace Empire.Content.Tests.Pieces;

public sealed class TakeoverTests
{
    [Fact]
    public async Task A_piece_whose_worker_hangs_is_taken_over_once_its_lease_is_out_and_the_late_answer_changes_nothing()
    {
        await using var app = await ContentApp.StartAsync(("Llm:Routes:social_post", "gpt-4o-mini"));
        var pieces = app.ClientOfPieces();
        var late = new TaskCompletionSource();
        app.Llm.Script(StubReply.Of(new() { ["text"] = "The late answer.", ["hashtags"] = GoodDocument.Texts("late") }) with { Until = late.Task });
        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("hanging", "social_post") } });
        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 1);

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var piece = await app.FinishedAsync(pieces, asked.Pieces.Single().PieceId);
        late.SetResult();
        await Eventually.TrueAsync(async () => await app.ReadAsync<long>("select count(*) from llm_calls where state = 'reserved'") == 0);

        Assert.Equal("generated", piece.State);
        Assert.DoesNotContain("late", (await pieces.GetPieceAsync(new() { PieceId = piece.PieceId })).DocumentJson, StringComparison.OrdinalIgnoreCase);
        Assert.Single(await app.EventsAsync("PieceGenerated"));
        Assert.Equal(2, (await app.EventsAsync("CostIncurred")).Count);
        Assert.Equal(piece.Cost.Micros, await app.ReadAsync<long>("select spent_micros from budget_days where reserved_micros = 0"));
    }

    [Fact]
    public async Task A_piece_that_kills_its_workers_is_given_up()
    {
        await using var app = await ContentApp.StartAsync(("Llm:Routes:social_post", "gpt-4o-mini"), ("Generation:Parallelism", "1"));
        var pieces = app.ClientOfPieces();
        app.Llm.Script(new StubReply(200, Until: new TaskCompletionSource().Task)); // keeps the only worker busy
        await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("busy", "social_post") } });
        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 1);
        var deadly = (await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("deadly", "social_post") } })).Pieces.Single().PieceId;
        await app.ExecuteAsync("update pieces set abandoned = 5 where id = @id::uuid", new { id = deadly });
        await app.ExecuteAsync("update pieces set due_at = due_at - interval '1 hour' where id = @id::uuid", new { id = deadly });

        await using var second = new Replica(app);
        var piece = await app.FinishedAsync(pieces, deadly);

        Assert.Equal("failed", piece.State);
        Assert.Contains("5 workers have died", piece.Failure, StringComparison.Ordinal);
    }

    /// <summary>A second process's worth of the service on the same database.</summary>
    private sealed class Replica : IAsyncDisposable
    {
        private readonly Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program> host;

        public Replica(ContentApp app)
        {
            host = app.WithWebHostBuilder(_ => { });
            _ = host.Server; // starts it
        }

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
