using Empire.Content.Tests.Stubs;

namespace Empire.Content.Tests.Pieces;

public sealed class ModelRoutingTests : IAsyncLifetime
{
    private readonly ContentApp app = new(("Llm:Attempts", "1"));

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task When_a_model_fails_the_next_of_the_route_is_asked()
    {
        app.Llm.Otherwise = request => request.Model == "meta-llama/llama-3.1-8b-instruct" ? StubReply.Good(request) : StubReply.Error(503);

        Assert.Equal("meta-llama/llama-3.1-8b-instruct", await ModelOfAsync("first two down", "home coffee"));
        Assert.Equal(["anthropic/claude-3.5-sonnet", "gpt-4o-mini", "meta-llama/llama-3.1-8b-instruct"], app.Llm.Requests.Select(request => request.Model));
    }

    [Fact]
    public async Task A_model_that_the_key_may_not_use_is_passed_over_too()
    {
        app.Llm.Script(StubReply.Error(404));

        Assert.Equal("gpt-4o-mini", await ModelOfAsync("no such model", "home coffee"));
    }

    [Fact]
    public async Task A_premium_niche_gets_the_premium_model() => Assert.Equal("anthropic/claude-3-opus", await ModelOfAsync("premium", "Photography"));

    [Fact]
    public async Task Nothing_is_charged_for_a_call_that_the_provider_refused()
    {
        app.Llm.Script(StubReply.Error(500));

        await ModelOfAsync("refused", "home coffee");

        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from llm_calls where outcome = 'refused' and cost_micros = 0"));
        Assert.Single(await app.EventsAsync("CostIncurred"));
        Assert.Equal(0, await app.ReadAsync<long>("select reserved_micros from budget_days"));
    }

    private async Task<string> ModelOfAsync(string key, string niche)
    {
        var pieces = app.ClientOfPieces();
        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish(key, niche: niche) } });
        return (await app.FinishedAsync(pieces, asked.Pieces.Single().PieceId)).Model;
    }
}
