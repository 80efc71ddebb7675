using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Content.Tests.Stubs;
using Empire.Testing;

namespace Empire.Content.Tests.Recipes;

public sealed class CreateRecipeTests(ContentApp app) : IClassFixture<ContentApp>
{
    private readonly HttpClient client = app.OwnerClient();

    [Fact]
    public async Task A_recipe_comes_with_everything_a_page_needs_and_is_stored_as_shown()
    {
        var answer = await client.PostAsJsonAsync("/api/recipes", new { category = "dinner", difficulty = "easy", diet_type = "vegan" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var recipe = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Chickpea Stew with Tomato", recipe.GetProperty("title").GetString());
        foreach (var part in (string[])["description", "ingredients", "instructions", "prep_time", "cook_time", "nutrition_info", "image_prompt", "video_prompt"])
            Assert.NotEqual(JsonValueKind.Null, recipe.GetProperty(part).ValueKind);
        Assert.Equal(10, recipe.GetProperty("seo_keywords").GetArrayLength());
        Assert.Equal(5, recipe.GetProperty("affiliate_links").GetArrayLength());
        Assert.Equal("easy", recipe.GetProperty("difficulty").GetString());
        Assert.Equal(4, recipe.GetProperty("servings").GetInt32());
        Assert.True(recipe.GetProperty("test").GetBoolean());
        Assert.Equal("recipe@1", recipe.GetProperty("prompt_version").GetString());
        var again = await client.GetFromJsonAsync<JsonElement>(answer.Headers.Location);
        Assert.Equal(recipe.GetProperty("title").GetString(), again.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("""{"category":"brunch"}""", "category")]
    [InlineData("""{"difficulty":"easy"}""", "category")]
    [InlineData("""{"category":"dinner","servings":0}""", "servings")]
    [InlineData("""{"category":"dinner","servings":13}""", "servings")]
    [InlineData("""{"category":"dinner","difficulty":"extreme"}""", "difficulty")]
    [InlineData("""{"category":"dinner","diet_type":"fruit"}""", "diet_type")]
    [InlineData("""{"category":"dinner","cuisine":"martian"}""", "cuisine")]
    public async Task A_wrong_field_is_named_and_nothing_is_asked(string body, string field)
    {
        var before = app.Llm.Requests.Count;

        var answer = await client.PostAsync("/api/recipes", new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("VALIDATION_ERROR", problem.GetProperty("code").GetString());
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        Assert.Equal(before, app.Llm.Requests.Count);
    }

    [Fact]
    public async Task Without_affiliate_links_the_list_is_empty()
    {
        var answer = await client.PostAsJsonAsync("/api/recipes", new { category = "lunch", include_affiliate = false });

        var recipe = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(0, recipe.GetProperty("affiliate_links").GetArrayLength());
    }

    [Fact]
    public async Task The_model_is_asked_for_ten_keywords_and_five_products_at_temperature_07_with_2000_tokens()
    {
        await client.PostAsJsonAsync("/api/recipes", new { category = "snack" });

        var request = app.Llm.Requests[^1];
        Assert.Equal("gpt-4", request.Model);
        Assert.Equal("Bearer openai-key", request.Authorization);
        Assert.Equal(0.7, request.Body.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(2000, request.Body.GetProperty("max_completion_tokens").GetInt32());
        Assert.Contains("5 affiliate-friendly product recommendations", request.LastUserText, StringComparison.Ordinal);
        Assert.Contains("10 SEO keywords", request.LastUserText, StringComparison.Ordinal);
        Assert.Equal("snack", request.Brief.GetProperty("brief").GetProperty("category").GetString());
    }

    [Fact]
    public async Task A_reply_with_nine_keywords_is_refused_and_asked_for_again_with_the_reason()
    {
        var spoilt = GoodDocument.Recipe("dessert");
        spoilt["seo_keywords"]!.AsArray().RemoveAt(9);
        app.Llm.Script(StubReply.Of(spoilt));
        var before = app.Llm.Requests.Count;

        var answer = await client.PostAsJsonAsync("/api/recipes", new { category = "dessert" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var requests = app.Llm.Requests.Skip(before).ToList();
        Assert.Equal(2, requests.Count);
        Assert.Contains("fewer than 10 items", requests[1].SystemTexts, StringComparison.Ordinal);
        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from recipes where category = 'dessert'"));
        var recipe = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(0.168m, recipe.GetProperty("cost").GetDecimal()); // both calls: 2 x (800 x 30 + 1000 x 60) USD per million
    }

    [Fact]
    public async Task When_no_model_gives_an_acceptable_reply_there_is_no_recipe_and_the_caller_hears_why()
    {
        app.Llm.Script([.. Enumerable.Repeat(StubReply.Text("{ this is no JSON"), 9)]);
        var before = await app.ReadAsync<long>("select count(*) from recipes");

        var answer = await client.PostAsJsonAsync("/api/recipes", new { category = "breakfast" });

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("GENERATION_FAILED", problem.GetProperty("code").GetString());
        Assert.Contains("not one JSON object", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await app.ReadAsync<long>("select count(*) from recipes"));
    }

    [Fact]
    public async Task A_repeat_under_the_same_idempotency_key_gets_the_first_recipe_and_costs_nothing()
    {
        var first = await PostAsync("one dinner");
        var calls = app.Llm.Requests.Count;

        var second = await PostAsync("one dinner");

        Assert.Equal(first, second);
        Assert.Equal(calls, app.Llm.Requests.Count);

        async Task<string> PostAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/recipes") { Content = JsonContent.Create(new { category = "dinner", servings = 2 }), Headers = { { "Idempotency-Key", key } } };
            var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        }
    }

    [Fact]
    public async Task A_repeat_after_a_crash_finds_the_piece_that_a_worker_took_over()
    {
        await app.ExecuteAsync(
            """
            insert into pieces (id, tenant_id, request_key, kind, platform, brief, prompt_version, state, due_at, lease_until, claim, requested_at)
            values (@id, @tenant, 'direct:recipe:crashed', 'recipe', 'blog',
              '{"task":"recipe","brief":{"category":"snack","difficulty":"medium","servings":4,"diet_type":"omnivore","cuisine":"asian","include_affiliate":true}}', 1, 'generating', @now, @lease, 1, @now)
            """, new { id = Guid.CreateVersion7(app.Clock.GetUtcNow()), tenant = app.Tenant.Value, now = app.Clock.GetUtcNow().UtcDateTime, lease = app.Clock.GetUtcNow().UtcDateTime.AddSeconds(1) });

        Assert.Equal((HttpStatusCode)425, (await PostAsync("crashed")).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(2)); // a worker looks
        await Eventually.TrueAsync(async () => (await PostAsync("crashed")).StatusCode == HttpStatusCode.Created);

        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from recipes where cuisine = 'asian'"));

        async Task<HttpResponseMessage> PostAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/recipes") { Content = JsonContent.Create(new { category = "snack", cuisine = "asian" }), Headers = { { "Idempotency-Key", key } } };
            return await client.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_dish_that_names_an_ingredient_it_never_uses_is_refused()
    {
        var spoilt = GoodDocument.Recipe("lunch", servings: 3);
        spoilt["ingredients"]!.AsArray().Add(new JsonObject { ["name"] = "saffron", ["quantity"] = 1, ["unit"] = "pinch", ["grams"] = 1 });
        app.Llm.Script(StubReply.Of(spoilt));

        await client.PostAsJsonAsync("/api/recipes", new { category = "lunch", servings = 3 });

        Assert.Contains("ingredient-unused: no step uses saffron", app.Llm.Requests[^1].SystemTexts, StringComparison.Ordinal);
    }
}
