using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Content.Recipes;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Content.Tests.Recipes;

public sealed class ListRecipesTests(ContentApp app) : IClassFixture<ContentApp>
{
    private readonly HttpClient client = app.OwnerClient();

    [Fact]
    public async Task A_day_is_half_open_and_only_published_dinners_are_listed()
    {
        var tenant = TenantId.New(app.Clock.GetUtcNow());
        var owner = app.ClientFor(tenant);
        var inside = await CreateAsync(owner, "dinner", "2026-04-16T00:00:00Z");
        var lateInside = await CreateAsync(owner, "dinner", "2026-04-16T23:59:59Z");
        await CreateAsync(owner, "dinner", "2026-04-17T00:00:00Z");
        await CreateAsync(owner, "dinner", "2026-04-15T23:59:59Z");
        await CreateAsync(owner, "lunch", "2026-04-16T12:00:00Z");
        await CreateAsync(owner, "dinner", "2026-04-16T12:00:00Z"); // not published
        foreach (var id in (string[])[inside, lateInside]) await PublishAsync(tenant, id);

        var page = await owner.GetFromJsonAsync<JsonElement>("/api/recipes?category=dinner&published=true&from=2026-04-16&to=2026-04-17");

        Assert.Equal([lateInside, inside], page.GetProperty("data").EnumerateArray().Select(recipe => recipe.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        var owner = app.ClientFor(TenantId.New(app.Clock.GetUtcNow()));
        var all = new List<string>();
        for (var i = 0; i < 5; i++) all.Insert(0, await CreateAsync(owner, "snack", $"2026-05-0{i + 1}T08:00:00Z"));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await owner.GetFromJsonAsync<JsonElement>($"/api/recipes?limit=2&cursor={cursor}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(recipe => recipe.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("category=brunch", "category")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-01-17&to=2026-01-16", "to")]
    [InlineData("limit=0", "limit")]
    public async Task A_wrong_filter_is_named(string query, string field)
    {
        var answer = await client.GetAsync($"/api/recipes?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task The_plan_for_a_day_uses_an_index()
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("set enable_seqscan = off");

        var plan = string.Join('\n', await owner.QueryAsync<string>(
            """
            explain select * from recipes
            where tenant_id = '01890000-0000-7000-8000-000000000000' and category = 'dinner' and created_at >= '2026-01-16' and created_at < '2026-01-17'
            order by created_at desc, id desc
            """));

        Assert.Contains("recipes_by_", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_counts_a_view_and_a_followed_link_counts_a_click()
    {
        var id = await CreateAsync(client, "dinner", "2026-06-01T08:00:00Z");
        await client.GetAsync($"/api/recipes/{id}");
        await using (var work = await app.Database.BeginAsync(app.Tenant, default))
        {
            await new CountRecipeClick().HandleAsync(new AffiliateClicked
            {
                TenantId = app.Tenant.Value, ClickId = Guid.CreateVersion7(app.Clock.GetUtcNow()), LinkCode = "abc", PieceId = PublicId.Parse("piece", id), OccurredAt = app.Clock.GetUtcNow(),
            }, work, default);
            await work.CommitAsync(default);
        }

        var recipe = await client.GetFromJsonAsync<JsonElement>($"/api/recipes/{id}");

        Assert.Equal((2, 1), (recipe.GetProperty("views").GetInt32(), recipe.GetProperty("clicks").GetInt32()));
    }

    [Fact]
    public async Task Another_tenants_recipe_does_not_exist()
    {
        var id = await CreateAsync(client, "dinner", "2026-06-02T08:00:00Z");
        var stranger = app.ClientFor(TenantId.New(app.Clock.GetUtcNow()));

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/recipes/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/content/{id}")).StatusCode);
        Assert.Equal(0, (await stranger.GetFromJsonAsync<JsonElement>("/api/recipes")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public Task No_table_is_open_to_other_tenants() => TenantTables.AssertIsolatedAsync(app.TestDatabase);

    private async Task<string> CreateAsync(HttpClient owner, string category, string createdAt)
    {
        var answer = await owner.PostAsJsonAsync("/api/recipes", new { category });
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await app.ExecuteAsync("update recipes set created_at = @at::timestamptz where id = @id", new { at = createdAt, id = PublicId.Parse("piece", id) });
        return id;
    }

    private async Task PublishAsync(TenantId tenant, string id)
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        await new MarkRecipePublished().HandleAsync(new ContentPublished
        {
            TenantId = tenant.Value, PublicationId = Guid.CreateVersion7(app.Clock.GetUtcNow()), PieceId = PublicId.Parse("piece", id), Channel = "blog", Url = "https://blog.example/r",
            PromptVersion = "recipe@1", Test = true, OccurredAt = app.Clock.GetUtcNow(),
        }, work, default);
        await work.CommitAsync(default);
    }
}
