using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Content.Tests.Stubs;
using Grpc.Core;

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

    [Fact]
    public async Task Models_of_a_seller_that_is_off_are_passed_over_in_premium_niches_too()
    {
        await using var without = await ContentApp.StartAsync(("Providers:OpenRouter:Off", "true"), ("Providers:OpenRouter:ApiKey", ""), ("Llm:Attempts", "1"));

        Assert.Equal("gpt-4o-mini", await ModelOfAsync("plain", "home coffee", without));
        Assert.Equal("gpt-4o-mini", await ModelOfAsync("premium", "Photography", without));
        Assert.All(without.Llm.Requests, request => Assert.Equal("gpt-4o-mini", request.Model));
    }

    [Fact]
    public async Task With_all_sellers_off_callers_are_told_so_and_what_a_cycle_asks_for_fails_by_name()
    {
        await using var without = await ContentApp.StartAsync(("Providers:OpenRouter:Off", "true"), ("Providers:OpenAI:Off", "true"));
        using var client = without.OwnerClient();

        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/seo/content", new { keyword = "burr grinder settings", domain = "coffee.example" }),
            ("/api/v1/content/pieces", new { kind = "blog_post", product = new { name = "Burr Grinder 40", niche = "coffee", url = "https://shop.example.com/burr-grinder-40" } }),
        })
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.NotImplemented, "PROVIDER_OFF"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        }
        Assert.Equal(0, await without.ReadAsync<long>("select count(*) from pieces"));

        var pieces = without.ClientOfPieces();
        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("by a cycle") } });
        await without.FinishedAsync(pieces, asked.Pieces.Single().PieceId);
        Assert.StartsWith("OpenRouter and OpenAI is switched off", await without.ReadAsync<string>("select failure from pieces"), StringComparison.Ordinal);
        var listing = await Assert.ThrowsAsync<RpcException>(async () => await without.ClientOfListings().WriteListingAsync(new() { Niche = "coffee", RequestKey = "one", Currency = "USD" }));
        Assert.Equal(StatusCode.Unimplemented, listing.StatusCode);
        Assert.Empty(without.Llm.Requests);
    }

    private Task<string> ModelOfAsync(string key, string niche) => ModelOfAsync(key, niche, app);

    private static async Task<string> ModelOfAsync(string key, string niche, ContentApp app)
    {
        var pieces = app.ClientOfPieces();
        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish(key, niche: niche) } });
        return (await app.FinishedAsync(pieces, asked.Pieces.Single().PieceId)).Model;
    }
}
