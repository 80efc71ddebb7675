using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Content.Tests.Stubs;
using Grpc.Core;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Tests.Listings;

public sealed class WriteListingTests(ContentApp app) : IClassFixture<ContentApp>
{
    private readonly V1.Listings.ListingsClient listings = app.ClientOfListings();

    [Fact]
    public async Task A_listing_is_a_piece_with_its_prompt_version_cost_and_niche()
    {
        var piece = await listings.WriteListingAsync(Wish("home coffee", price: 9.99m));
        var document = JsonDocument.Parse(piece.DocumentJson).RootElement;
        Assert.Equal(("generated", "listing@1", "home coffee", "store"), (piece.State, piece.PromptVersion, piece.Niche, piece.Platform));
        Assert.Equal("The home coffee handbook", document.GetProperty("title").GetString());
        Assert.Equal(9.99m, document.GetProperty("price").GetDecimal());
        Assert.True(piece.Cost.Micros > 0);
        Assert.True(piece.Test);
        Assert.Contains(await app.EventsAsync("CostIncurred"), body => body.Contains("home coffee", StringComparison.Ordinal) && body.Contains("listing@1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeat_of_the_request_is_the_same_piece_and_costs_nothing()
    {
        var wish = Wish("wood carving");
        var first = await listings.WriteListingAsync(wish);
        var calls = app.Llm.Requests.Count;
        Assert.Equal(first.PieceId, (await listings.WriteListingAsync(wish)).PieceId);
        Assert.Equal(calls, app.Llm.Requests.Count);
    }

    [Fact]
    public async Task A_reply_that_names_another_price_or_a_title_that_exists_is_refused_with_the_reason()
    {
        var wish = Wish("tea", price: 20);
        wish.ExistingTitles.Add("The tea handbook");
        app.Llm.Script(StubReply.Of(Offered("Another tea handbook", 21)), StubReply.Of(Offered("the TEA handbook", 20)), StubReply.Of(Offered("Another tea handbook", 20)));
        var before = app.Llm.Requests.Count;
        var document = JsonDocument.Parse((await listings.WriteListingAsync(wish)).DocumentJson).RootElement;
        Assert.Equal(("Another tea handbook", 20m), (document.GetProperty("title").GetString(), document.GetProperty("price").GetDecimal()));
        var asked = app.Llm.Requests.Skip(before).ToList();
        Assert.Equal(3, asked.Count);
        Assert.Contains("price is 21; wanted: 20", asked[1].SystemTexts, StringComparison.Ordinal);
        Assert.Contains("is offered already", asked[2].SystemTexts, StringComparison.Ordinal);

        static JsonObject Offered(string title, decimal price)
        {
            var listing = GoodDocument.Listing(JsonDocument.Parse("""{"niche":"tea"}""").RootElement);
            (listing["title"], listing["price"]) = (title, price);
            return listing;
        }
    }

    [Fact]
    public async Task A_review_that_leaves_a_finding_or_goes_too_far_with_the_price_is_refused()
    {
        var request = new V1.ReviewListingRequest
        {
            RequestKey = $"{Guid.CreateVersion7()}", Niche = "tea", Title = "Tea", Description = GoodDocument.Words(60), ProductType = "guide", Currency = "USD", PriceMicros = 10_000_000,
            SeoTitle = "Tea", MetaDescription = new string('m', 161), Slug = "tea", Features = { "a", "b", "c" }, Keywords = { "1", "2", "3", "4", "5" },
        };
        app.Llm.Script(
            StubReply.Of(Reviewed("title", "Better tea")),                              // the meta description is still too long
            StubReply.Of(Reviewed("price", "16.00")),                                   // sixty per cent more
            StubReply.Of(Reviewed("meta_description", new string('m', 161))),           // what it is already
            StubReply.Of(Reviewed("meta_description", "What is in it.")));
        var before = app.Llm.Requests.Count;
        var change = Assert.Single(JsonDocument.Parse((await listings.ReviewListingAsync(request)).DocumentJson).RootElement.GetProperty("changes").EnumerateArray());
        Assert.Equal(("meta_description", "What is in it."), (change.GetProperty("field").GetString(), change.GetProperty("to").GetString()));
        var asked = app.Llm.Requests.Skip(before).ToList();
        Assert.Equal(4, asked.Count);
        Assert.Contains("161 characters", asked[0].LastUserText, StringComparison.Ordinal);   // the findings stand in the brief
        Assert.Contains("too far from 10", asked[2].SystemTexts, StringComparison.Ordinal);

        static JsonObject Reviewed(string field, string to) => new()
        {
            ["summary"] = "One change.",
            ["changes"] = new JsonArray(new JsonObject { ["field"] = field, ["to"] = to, ["reason"] = "Because it reads better so." }),
        };
    }

    [Theory]
    [InlineData("", "USD", null, "niche")]
    [InlineData("tea", "ABC", null, "currency")]
    [InlineData("tea", "USD", "hologram", "product_type")]
    public async Task A_wrong_field_is_named(string niche, string currency, string? type, string field)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await listings.WriteListingAsync(new() { RequestKey = "k", Niche = niche, Currency = currency, ProductType = type ?? "" }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(field, refused.Status.Detail, StringComparison.Ordinal);
    }

    private static V1.WriteListingRequest Wish(string niche, decimal? price = null)
    {
        var wish = new V1.WriteListingRequest { RequestKey = $"{Guid.CreateVersion7()}", Niche = niche, Currency = "USD" };
        if (price is { } asked) wish.PriceMicros = Money.Of(asked, Currency.Usd).Micros;
        return wish;
    }
}
