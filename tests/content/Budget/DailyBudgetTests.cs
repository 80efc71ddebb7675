using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Content.Tests.Stubs;
using Empire.Testing;

namespace Empire.Content.Tests.Budget;

public sealed class DailyBudgetTests
{
    [Fact]
    public async Task Twenty_pieces_at_once_never_spend_more_than_the_day_allows_and_the_rest_come_on_the_days_after()
    {
        // A post costs 300 micros; its ceiling is more, so that the last cents of a day stay unspent rather than overspent.
        const long Budget = 3_000, Cost = 300;
        await using var app = await ContentApp.StartAsync(("DAILY_BUDGET", "0.003"), ("Llm:Routes:social_post", "gpt-4o-mini"), ("Generation:Parallelism", "10"), ("Generation:Lease", "01:00:00")); // the test's time runs faster than a busy machine works
        var pieces = app.ClientOfPieces();
        app.Llm.Otherwise = request => StubReply.Good(request) with { InputTokens = 400, OutputTokens = 400 };

        await pieces.RequestPiecesAsync(new() { Pieces = { Enumerable.Range(1, 20).Select(i => ContentApp.Wish($"many {i}", "social_post")) } });
        for (long done = 0; done < 20;)
        {
            var before = done;
            await Eventually.TrueAsync(async () =>
            {
                app.Clock.Advance(TimeSpan.FromMilliseconds(100)); // a worker that looked just before the new day looks again
                return await app.ReadAsync<long>("select count(*) from pieces where state = 'requested' and due_at <= @now or state = 'generating'", new { now = app.Clock.GetUtcNow().UtcDateTime }) == 0;
            });
            done = await app.ReadAsync<long>("select count(*) from pieces where state = 'generated'");
            Assert.InRange(done - before, 1, Budget / Cost);
            app.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.True(await app.ReadAsync<long>("select max(spent_micros) from budget_days") <= Budget);
        Assert.Equal(20 * Cost, await app.ReadAsync<decimal>("select sum(spent_micros) from budget_days where reserved_micros = 0"));
        Assert.Equal(20 * Cost, await app.ReadAsync<decimal>("select sum(cost_micros) from llm_calls"));
        Assert.Equal(20 * Cost, await app.ReadAsync<decimal>("select sum(cost_micros) from pieces"));
    }

    [Fact]
    public async Task A_caller_is_told_when_the_days_budget_is_used_up_and_is_served_the_next_day()
    {
        await using var app = await ContentApp.StartAsync(("DAILY_BUDGET", "1"));
        var client = app.OwnerClient();
        await app.ExecuteAsync("insert into budget_days (tenant_id, day, spent_micros) values (@tenant, @day::date, 1010000)", new { tenant = app.Tenant.Value, day = $"{app.Clock.GetUtcNow():yyyy-MM-dd}" });

        var refused = await client.PostAsJsonAsync("/api/recipes", new { category = "dinner" });

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("DAILY_BUDGET_EXCEEDED", problem.GetProperty("code").GetString());
        Assert.Empty(app.Llm.Requests);
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from pieces"));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync("/api/recipes", new { category = "dinner" })).StatusCode);
    }

    [Fact]
    public async Task A_piece_that_eight_nights_have_no_money_for_is_made_on_the_ninth()
    {
        await using var app = await ContentApp.StartAsync(("DAILY_BUDGET", "1"), ("Llm:Routes:social_post", "gpt-4o-mini"), ("Generation:Lease", "01:00:00"));
        var pieces = app.ClientOfPieces();
        for (var night = 0; night < 8; night++)
            await app.ExecuteAsync("insert into budget_days (tenant_id, day, spent_micros) values (@tenant, @day::date, 1000000)", new { tenant = app.Tenant.Value, day = $"{app.Clock.GetUtcNow().AddDays(night):yyyy-MM-dd}" });
        var piece = (await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("patient", "social_post") } })).Pieces.Single().PieceId;
        for (var night = 1; night <= 8; night++)
        {
            var next = new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc).AddDays(night);
            await LookingAsync(app, async () => await app.ReadAsync<long>("select count(*) from pieces where state = 'requested' and due_at = @next and claim = @night", new { next, night }) == 1);
            app.Clock.Advance(TimeSpan.FromDays(1));
        }

        await LookingAsync(app, async () => (await pieces.GetPieceAsync(new() { PieceId = piece })).State == "generated");

        // It was told once a day, not once a look, and the owner finds it.
        Assert.Equal(8, (await app.EventsAsync("DailyBudgetUsedUp")).Count);
        var alerts = (await app.OwnerClient().GetFromJsonAsync<JsonElement>("/api/v1/content/alerts")).GetProperty("data");
        Assert.Equal(8, alerts.GetArrayLength());
        Assert.Equal(("high", "daily-budget", "2026-03-09"), (alerts[0].GetProperty("severity").GetString(), alerts[0].GetProperty("subject").GetString(), alerts[0].GetProperty("day").GetString()));
    }

    [Fact]
    public async Task All_accounts_but_the_operators_share_a_cap_that_does_not_touch_the_operators_own()
    {
        await using var app = await ContentApp.StartAsync(("DAILY_BUDGET", "1"), ("DAILY_BUDGET_OTHERS", "1"));
        var (one, other) = (TenantId.New(app.Clock.GetUtcNow()), TenantId.New(app.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.Created, await MakeAsync(one));
        Assert.Equal(HttpStatusCode.Created, await MakeAsync(other));
        Assert.Equal(await app.ReadAsync<decimal>("select sum(spent_micros) from budget_days"), await app.ReadAsync<long>("select spent_micros from others_budget_days where reserved_micros = 0"));
        await app.ExecuteAsync("update others_budget_days set spent_micros = 990000");
        var refused = await app.ClientFor(other).PostAsJsonAsync("/api/recipes", new { category = "dinner" });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var detail = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
        Assert.StartsWith("What the accounts of this installation may spend", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("is spent", detail, StringComparison.Ordinal); // by others
        Assert.Equal(0.01m, (await app.ClientFor(one).GetFromJsonAsync<JsonElement>("/api/v1/content/budget")).GetProperty("left").GetDecimal());

        // A piece in the background waits for the next day, and whoever runs the installation is told, once.
        var piece = (await app.ClientOfPieces(one).RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("later", "recipe", "kitchen") } })).Pieces.Single().PieceId;
        await Eventually.EqualAsync("requested 2026-03-03", () => app.ReadAsync<string>("select state || to_char(due_at at time zone 'UTC', ' YYYY-MM-DD') from pieces where id = @id::uuid", new { id = piece }));
        var alert = Assert.Single((await app.OwnerClient().GetFromJsonAsync<JsonElement>("/api/v1/content/alerts")).GetProperty("data").EnumerateArray());
        Assert.Equal("daily-budget-of-others", alert.GetProperty("subject").GetString());
        Assert.Empty((await app.ClientFor(one).GetFromJsonAsync<JsonElement>("/api/v1/content/alerts")).GetProperty("data").EnumerateArray());

        Assert.Equal(HttpStatusCode.Created, await MakeAsync(app.Tenant));
        app.Clock.Advance(TimeSpan.FromDays(1));
        await LookingAsync(app, async () => (await app.ClientOfPieces(one).GetPieceAsync(new() { PieceId = piece })).State == "generated");

        async Task<HttpStatusCode> MakeAsync(TenantId tenant) => (await app.ClientFor(tenant).PostAsJsonAsync("/api/recipes", new { category = "dinner" })).StatusCode;
    }

    /// <summary>Time goes on a little: a worker that looked just before the new day looks again.</summary>
    private static Task LookingAsync(ContentApp app, Func<Task<bool>> fact) => Eventually.TrueAsync(() =>
    {
        app.Clock.Advance(TimeSpan.FromMilliseconds(100));
        return fact();
    });

    [Fact]
    public async Task The_budget_shows_what_is_spent_and_what_is_left()
    {
        await using var app = await ContentApp.StartAsync();
        var client = app.OwnerClient();
        await client.PostAsJsonAsync("/api/recipes", new { category = "dinner" });

        var budget = await client.GetFromJsonAsync<JsonElement>("/api/v1/content/budget");

        Assert.Equal((14m, 0.084m, 0m, 13.916m), (budget.GetProperty("limit").GetDecimal(), budget.GetProperty("spent").GetDecimal(), budget.GetProperty("reserved").GetDecimal(), budget.GetProperty("left").GetDecimal()));
        Assert.Equal("2026-03-03T00:00:00+00:00", budget.GetProperty("resets_at").GetString());
    }

    [Fact]
    public async Task A_thousand_words_are_estimated_at_1300_tokens_and_two_cents()
    {
        await using var app = await ContentApp.StartAsync();
        var client = app.OwnerClient();

        var estimate = await client.GetFromJsonAsync<JsonElement>("/api/v1/content/estimate?words=1000");
        var dearer = await client.GetFromJsonAsync<JsonElement>("/api/v1/content/estimate?words=1000&rate=0.06");
        var wrong = await client.GetAsync("/api/v1/content/estimate?words=0");

        Assert.Equal((1300, 0.0195m), (estimate.GetProperty("tokens").GetInt32(), estimate.GetProperty("cost").GetDecimal()));
        Assert.Equal(0.078m, dearer.GetProperty("cost").GetDecimal());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }
}
