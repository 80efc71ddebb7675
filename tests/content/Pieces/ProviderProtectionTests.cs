using Empire.Content.Tests.Stubs;
using Empire.Testing;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Tests.Pieces;

public sealed class ProviderProtectionTests
{
    private const string OneModel = "gpt-4o-mini";

    [Fact]
    public async Task Two_429s_are_waited_out_four_and_eight_seconds_and_the_third_call_succeeds()
    {
        await using var app = await ContentApp.StartAsync(("Llm:Routes:social_post", OneModel));
        app.Llm.Script(StubReply.Error(429), StubReply.Error(429));
        var (pieces, id) = await AskAsync(app);

        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 1);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(4), calls: 2);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(8), calls: 3);

        Assert.Equal("generated", (await app.FinishedAsync(pieces, id)).State);
    }

    [Fact]
    public async Task A_provider_that_asks_for_more_patience_gets_it()
    {
        await using var app = await ContentApp.StartAsync(("Llm:Routes:social_post", OneModel));
        app.Llm.Script(StubReply.Error(429, retryAfterSeconds: 30));
        var (pieces, id) = await AskAsync(app);

        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 1);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(30), calls: 2);

        Assert.Equal("generated", (await app.FinishedAsync(pieces, id)).State);
    }

    [Fact]
    public async Task Three_429s_fail_the_piece()
    {
        await using var app = await ContentApp.StartAsync(("Llm:Routes:social_post", OneModel));
        app.Llm.Script(StubReply.Error(429), StubReply.Error(429), StubReply.Error(429));
        var (pieces, id) = await AskAsync(app);

        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 1);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(4), calls: 2);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(8), calls: 3);

        var piece = await app.FinishedAsync(pieces, id);
        Assert.Equal("failed", piece.State);
        Assert.Contains("429", piece.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_four_calls_in_a_burst_the_fourth_starts_when_the_window_opens()
    {
        await using var app = await ContentApp.StartAsync(("Providers:OpenAI:Calls", "3"), ("Llm:Routes:social_post", OneModel));
        var pieces = app.ClientOfPieces();

        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { Enumerable.Range(1, 4).Select(i => ContentApp.Wish($"burst {i}", "social_post")) } });

        await Eventually.TrueAsync(async () => await app.ReadAsync<long>("select count(*) from llm_calls") == 4);
        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 3);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(60), calls: 4);
        foreach (var piece in asked.Pieces) Assert.Equal("generated", (await app.FinishedAsync(pieces, piece.PieceId)).State);
    }

    [Fact]
    public async Task A_call_whose_answer_never_came_is_booked_at_the_most_it_can_have_cost()
    {
        await using var app = await ContentApp.StartAsync(("Llm:Routes:social_post", OneModel));
        app.Llm.Script(new StubReply(200, Cut: true));
        var (pieces, id) = await AskAsync(app);

        await Eventually.TrueAsync(() => app.Llm.Requests.Count == 1);
        await AssertNextCallAfterAsync(app, TimeSpan.FromSeconds(4), calls: 2);

        var piece = await app.FinishedAsync(pieces, id);
        var lost = await app.ReadAsync<long>("select cost_micros from llm_calls where state = 'lost' and cost_micros = reserved_micros");
        Assert.Equal(piece.Cost.Micros, lost + await app.ReadAsync<long>("select cost_micros from llm_calls where state = 'settled'"));
        Assert.Equal(piece.Cost.Micros, await app.ReadAsync<long>("select spent_micros from budget_days where reserved_micros = 0"));
        Assert.Equal(2, (await app.EventsAsync("CostIncurred")).Count);
    }

    private static async Task<(V1.Content.ContentClient, string)> AskAsync(ContentApp app)
    {
        var pieces = app.ClientOfPieces();
        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("one", "social_post") } });
        return (pieces, asked.Pieces.Single().PieceId);
    }

    /// <summary>Moves the clock to just before and then past the wait: the call comes with the second move, not with the first.</summary>
    private static async Task AssertNextCallAfterAsync(ContentApp app, TimeSpan wait, int calls)
    {
        var due = app.Clock.GetUtcNow() + wait;
        await Eventually.TrueAsync(() => app.Clock.HasTimerAt(due));
        app.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.Equal(calls - 1, app.Llm.Requests.Count);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => app.Llm.Requests.Count == calls);
    }
}
