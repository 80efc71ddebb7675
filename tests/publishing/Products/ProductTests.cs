using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Publishing.Tests.Products;

public sealed class ProductTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    [Fact]
    public async Task A_product_made_for_a_niche_has_everything_a_store_needs_and_is_listed()
    {
        using var client = app.OwnerClient();
        var product = await CreatedAsync(client, new { niche = "bread baking", product_type = "course", price = 49.5m });
        Assert.StartsWith("prod_", Text(product, "id"), StringComparison.Ordinal);
        Assert.Equal(("bread baking", "course", 49.5m, "USD"), (Text(product, "niche"), Text(product, "product_type"), product.GetProperty("price").GetDecimal(), Text(product, "currency")));
        foreach (var field in (string[])["title", "description", "prompt_version", "piece_id"]) Assert.NotEmpty(Text(product, field));
        foreach (var field in (string[])["title", "meta_description", "slug"]) Assert.NotEmpty(Text(product.GetProperty("seo"), field));
        Assert.Equal(5, product.GetProperty("seo").GetProperty("keywords").GetArrayLength());
        Assert.True(product.GetProperty("test").GetBoolean());
        Assert.Equal("user:test", Text(product, "user_id"));
        Assert.Contains(await ListAsync(client, "bread%20baking"), listed => Text(listed, "id") == Text(product, "id"));
        Assert.Empty(await ListAsync(client, "knitting"));
        using var stranger = app.ClientOf(NewTenant());
        Assert.Empty(await ListAsync(stranger));
    }

    [Fact]
    public async Task The_author_is_shown_what_is_offered_in_the_niche_already()
    {
        using var client = app.ClientOf(NewTenant());
        var niche = $"niche {Guid.CreateVersion7():N}";
        var first = Text(await CreatedAsync(client, new { niche }), "title");
        await CreatedAsync(client, new { niche });
        Assert.Equal(first, Assert.Single(app.Content.Wishes.Last(wish => wish.Niche == niche).ExistingTitles));
    }

    public static TheoryData<object, string> Wrong => new()
    {
        { new { niche = "tea", price = -1 }, "price" },
        { new { niche = "tea", price = 0 }, "price" },
        { new { niche = "tea", price = 1.005m }, "price" },
        { new { niche = "tea", price = 12.5m, currency = "JPY" }, "price" },
        { new { niche = "tea", price = 1_000_001 }, "price" },
        { new { niche = "" }, "niche" },
        { new { niche = "te\0a" }, "niche" },
        { new { niche = "tea", audience = "line\nbreak" }, "audience" },
        { new { }, "niche" },
        { new { niche = "tea", product_type = "hologram" }, "product_type" },
        { new { niche = "tea", currency = "ABC" }, "currency" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_field_is_named_and_nothing_is_written(object body, string field)
    {
        using var client = app.ClientOf(NewTenant());
        var before = app.Content.Wishes.Count;
        using var answer = await client.PostAsJsonAsync("/api/products/create", body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, await FieldAsync(answer)));
        Assert.Equal(before, app.Content.Wishes.Count);
        Assert.Empty(await ListAsync(client));
    }

    [Fact]
    public async Task What_is_changed_is_changed_and_the_rest_stays()
    {
        using var client = app.OwnerClient();
        var product = await CreatedAsync(client, new { niche = "pottery" });
        using var answer = await client.PutAsJsonAsync($"/api/products/{Text(product, "id")}", new { title = "Pots", price = 0, features = new[] { "One" }, seo = new { slug = "pots" } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var changed = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("Pots", 0m, "pots", Text(product, "description")), (Text(changed, "title"), changed.GetProperty("price").GetDecimal(), Text(changed.GetProperty("seo"), "slug"), Text(changed, "description")));
        Assert.Equal("One", Assert.Single(changed.GetProperty("features").EnumerateArray()).GetString());
        Assert.Equal(5, changed.GetProperty("seo").GetProperty("keywords").GetArrayLength());
        Assert.Contains(await ListAsync(client, "pottery"), listed => Text(listed, "title") == "Pots");
    }

    public static TheoryData<object, string> WrongChanges => new()
    {
        { new { price = -0.01m }, "price" },
        { new { price = 1.234m }, "price" },
        { new { title = "" }, "title" },
        { new { title = "   " }, "title" },
        { new { title = new string('x', 201) }, "title" },
        { new { features = new[] { "one", "" } }, "features" },
        { new { seo = new { slug = "Not A Slug" } }, "seo.slug" },
        { new { seo = new { keywords = Enumerable.Repeat("word", 21).ToArray() } }, "seo.keywords" },
        { new { }, "body" },
    };

    [Theory, MemberData(nameof(WrongChanges))]
    public async Task A_change_that_cannot_be_is_refused_and_names_its_field(object body, string field)
    {
        using var client = app.ClientOf(NewTenant());
        var product = await CreatedAsync(client, new { niche = "chess" });
        using var answer = await client.PutAsJsonAsync($"/api/products/{Text(product, "id")}", body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, await FieldAsync(answer)));
        Assert.Equal(product.GetRawText(), Assert.Single(await ListAsync(client)).GetRawText());
    }

    [Fact]
    public async Task Proposals_come_with_the_value_now_the_value_then_and_a_reason_and_change_nothing()
    {
        using var client = app.ClientOf(NewTenant());
        var product = await CreatedAsync(client, new { niche = "bees" });
        using var answer = await client.PostAsJsonAsync("/api/products/optimize", new { product_id = Text(product, "id") });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var proposal = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var changes = proposal.GetProperty("changes").EnumerateArray().ToDictionary(change => Text(change, "field"));
        Assert.Equal(["price", "seo.keywords", "title"], changes.Keys.Order());
        Assert.Equal((12.5m, 9.9m), (changes["price"].GetProperty("from").GetDecimal(), changes["price"].GetProperty("to").GetDecimal()));
        Assert.Equal(["six", "seven"], changes["seo.keywords"].GetProperty("to").EnumerateArray().Select(word => word.GetString()!));
        Assert.All(changes.Values, change => Assert.NotEmpty(Text(change, "reason")));
        Assert.Equal(product.GetRawText(), Assert.Single(await ListAsync(client)).GetRawText());
        using var missing = await client.PostAsJsonAsync("/api/products/optimize", new { product_id = $"prod_{Guid.CreateVersion7():N}" });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var other = await client.PostAsJsonAsync("/api/products/optimize", new { product_id = "pub_5" });
        Assert.Equal((HttpStatusCode.BadRequest, "product_id"), (other.StatusCode, await FieldAsync(other)));
    }

    [Fact]
    public async Task The_sixth_product_on_free_is_refused_with_the_limit_and_a_larger_tier_takes_it_at_once()
    {
        var tenant = NewTenant();
        using var free = app.ClientOf(tenant);
        for (var i = 0; i < 5; i++) await CreatedAsync(free, new { niche = "lamps" });
        var written = app.Content.Wishes.Count(wish => wish.Niche == "lamps");
        using (var sixth = await free.PostAsJsonAsync("/api/products/create", new { niche = "lamps" }))
        {
            var refusal = await sixth.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.Forbidden, "TIER_LIMIT_EXCEEDED"), (sixth.StatusCode, Text(refusal, "code")));
            Assert.Contains("5 products", Text(refusal, "detail"), StringComparison.Ordinal);
        }
        Assert.Equal(written, app.Content.Wishes.Count(wish => wish.Niche == "lamps")); // and nobody was paid to write it
        using var professional = app.ClientOf(tenant, "professional");
        await CreatedAsync(professional, new { niche = "lamps" });
        Assert.Equal((6, 6), await CountedAsync(tenant));
    }

    [Fact]
    public async Task A_deleted_product_gives_its_place_back_once()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var products = new List<JsonElement>();
        for (var i = 0; i < 5; i++) products.Add(await CreatedAsync(client, new { niche = "ropes" }));
        for (var i = 0; i < 2; i++)
        {
            using var deleted = await client.DeleteAsync($"/api/products/{Text(products[0], "id")}");
            Assert.Equal(i == 0 ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, deleted.StatusCode);
        }
        Assert.Equal((4, 4), await CountedAsync(tenant));
        await CreatedAsync(client, new { niche = "ropes" });
        using var full = await client.PostAsJsonAsync("/api/products/create", new { niche = "ropes" });
        Assert.Equal(HttpStatusCode.Forbidden, full.StatusCode);
    }

    [Fact]
    public async Task Ten_creates_at_once_on_free_make_five_products()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.PostAsJsonAsync("/api/products/create", new { niche = "kites" })));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden));
        Assert.Equal((5, 5), await CountedAsync(tenant));
    }

    [Fact]
    public async Task A_repeat_under_the_same_key_is_the_same_product_even_when_the_first_answer_is_forgotten()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var key = $"{Guid.CreateVersion7()}";
        client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        var first = await CreatedAsync(client, new { niche = "maps" });
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("delete from kernel.idempotency where tenant_id = @tenant", new { tenant = tenant.Value });
        Assert.Equal(Text(first, "id"), Text(await CreatedAsync(client, new { niche = "maps" }), "id"));
        Assert.Equal((1, 1), await CountedAsync(tenant));
    }

    /// <summary>As if the process had died after the listing was written: the repeat finds it, and nobody is paid twice.</summary>
    [Fact]
    public async Task A_death_before_the_product_is_stored_costs_nothing_more()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var key = $"{Guid.CreateVersion7()}";
        client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        using var channel = GrpcChannel.ForAddress(app.Content.Address);
        var written = await new Contracts.V1.Listings.ListingsClient(channel).WriteListingAsync(new() { RequestKey = key, Niche = "clocks", Currency = "USD" });
        var product = await CreatedAsync(client, new { niche = "clocks" });
        Assert.Equal(Guid.Parse(written.PieceId), PublicId.Parse("piece", Text(product, "piece_id")));
        Assert.Equal((1, 1), await CountedAsync(tenant));
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, 429, "DAILY_BUDGET_EXCEEDED")]
    [InlineData(StatusCode.FailedPrecondition, 502, "GENERATION_FAILED")]
    [InlineData(StatusCode.Aborted, 425, "BEING_WRITTEN")]
    [InlineData(StatusCode.Unavailable, 503, "SERVICE_UNAVAILABLE")]
    public async Task What_the_author_refuses_is_said_and_takes_no_place(StatusCode refusal, int status, string code)
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        app.Content.NextRefusal = new(refusal, "as told");
        using var answer = await client.PostAsJsonAsync("/api/products/create", new { niche = "glass" });
        Assert.Equal((status, code), ((int)answer.StatusCode, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "code")));
        Assert.Equal(0, await app.ReadAsync<int>("select count(*)::int from kernel.tenant_resources where tenant_id = @tenant and used > 0", new { tenant = tenant.Value }));
        Assert.Empty(await ListAsync(client));
    }

    private static TenantId NewTenant() => TenantId.New(TimeProvider.System.GetUtcNow());

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static async Task<JsonElement> CreatedAsync(HttpClient client, object wish)
    {
        using var answer = await client.PostAsJsonAsync("/api/products/create", wish);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient client, string? niche = null) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/products/list{(niche is null ? "" : $"?niche={niche}")}")).GetProperty("data").EnumerateArray()];

    private static async Task<string> FieldAsync(HttpResponseMessage answer) => Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject()).Name;

    /// <returns>The rows there are, and the places taken.</returns>
    private async Task<(int Rows, int Taken)> CountedAsync(TenantId tenant) => await app.ReadAsync<(int, int)>(
        "select (select count(*)::int from products where tenant_id = @tenant), (select used::int from kernel.tenant_resources where tenant_id = @tenant and resource = 'products')", new { tenant = tenant.Value });
}
