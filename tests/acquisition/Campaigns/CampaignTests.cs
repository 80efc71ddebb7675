using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Acquisition.Tests.Campaigns;

/// <summary>ACQ-18 and, for campaigns, IDN-14, by the paths of the founding document and by those of the current API.</summary>
public sealed class CampaignTests(CampaignApp app) : IClassFixture<CampaignApp>
{
    private const string Path = CampaignApp.Path, Create = "/api/marketing/campaign", List = "/api/marketing/list", Figures = "/api/marketing/analytics";

    [Fact]
    public async Task A_campaign_is_made_shown_changed_and_its_link_leads_on()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "free");
        using var answer = await client.PostAsJsonAsync(Create, new { name = "  Spring sale ", channel = "meta_ads", budget = 250.50m, currency = "EUR", starts_at = "2026-03-01T00:00:00+01:00", ends_at = "2999-04-01T00:00:00Z", destination = "https://shop.example/spring?a=1" });
        var made = await ReadAsync(answer, HttpStatusCode.Created);
        var id = made.GetProperty("id").GetString()!;
        Assert.Equal($"{Path}/{id}", answer.Headers.Location!.OriginalString);
        Assert.Matches("^cmp_[0-9a-f]{32}$", id);
        Assert.Equal(("Spring sale", "meta_ads", "draft", 250.50m, "EUR", 0m, 250.50m), (Text(made, "name"), Text(made, "channel"), Text(made, "status"), Number(made, "budget"), Text(made, "currency"), Number(made, "spent"), Number(made, "remaining")));
        Assert.Equal(("2026-02-28T23:00:00+00:00", "user:test", JsonValueKind.Null), (Text(made, "starts_at"), Text(made, "created_by"), made.GetProperty("archived_at").ValueKind));
        var link = Assert.Single(made.GetProperty("links").EnumerateArray());
        Assert.Equal(("main", "https://shop.example/spring?a=1", $"https://empire.example/r/{Text(link, "code")}"), (Text(link, "label"), Text(link, "destination"), Text(link, "url")));
        Assert.NotEmpty(await app.ClickAsync(Text(link, "code")));

        Assert.Equal(made.GetRawText(), (await client.GetFromJsonAsync<JsonElement>($"/api/marketing/{id}")).GetRawText());
        Assert.Equal(made.GetRawText(), Assert.Single((await client.GetFromJsonAsync<JsonElement>(List)).GetProperty("data").EnumerateArray()).GetRawText());
        var changed = await ReadAsync(await client.PutAsJsonAsync($"/api/marketing/{id}", new { budget = 300, status = "active", name = "Summer sale" }), HttpStatusCode.OK);
        Assert.Equal(("Summer sale", "active", 300m, Text(made, "ends_at")), (Text(changed, "name"), Text(changed, "status"), Number(changed, "budget"), Text(changed, "ends_at")));
        Assert.Equal(changed.GetRawText(), (await client.GetFromJsonAsync<JsonElement>($"{Path}/{id}")).GetRawText());
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>($"{Path}?status=draft")).GetProperty("data").EnumerateArray());
        Assert.Single((await client.GetFromJsonAsync<JsonElement>($"{Path}?status=active&channel=meta_ads")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task The_third_on_free_is_refused_until_one_is_archived_or_the_account_pays()
    {
        var tenant = app.NewTenant();
        using var free = app.ClientOf(tenant, "free");
        var first = await app.CreateAsync(free);
        await app.CreateAsync(free);
        foreach (var destination in (string?[])[null, "https://shop.example/third"])
        {
            var refused = await ReadAsync(await free.PostAsJsonAsync(Create, new { name = "third", channel = "email", budget = 1, destination }), HttpStatusCode.Forbidden);
            Assert.Equal(("TIER_LIMIT_EXCEEDED", "The tier free allows 2 campaigns. Upgrade, or remove some first."), (Text(refused, "code"), Text(refused, "message")));
        }
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from campaign_links where tenant_id = @tenant", new { tenant = tenant.Value }));

        for (var twice = 0; twice < 2; twice++) Assert.Equal(HttpStatusCode.NoContent, (await free.DeleteAsync($"/api/marketing/{first}")).StatusCode);
        await app.CreateAsync(free, "in its place");
        Assert.Equal(HttpStatusCode.Forbidden, (await free.PostAsJsonAsync(Create, new { name = "fourth", channel = "email", budget = 1 })).StatusCode); // archived twice, one place came free
        Assert.Equal(["in its place", "Spring sale"], (await free.GetFromJsonAsync<JsonElement>(List)).GetProperty("data").EnumerateArray().Select(one => Text(one, "name")));
        Assert.Equal(first, Text(Assert.Single((await free.GetFromJsonAsync<JsonElement>($"{List}?archived=true")).GetProperty("data").EnumerateArray()), "id"));
        Assert.Equal("CAMPAIGN_ARCHIVED", Text(await ReadAsync(await free.PutAsJsonAsync($"/api/marketing/{first}", new { budget = 5 }), HttpStatusCode.Conflict), "code"));

        using var paid = app.ClientOf(tenant, "professional");
        await app.CreateAsync(paid, "upgraded");
        using var silent = app.ClientOf(tenant, null);
        Assert.Equal(HttpStatusCode.Forbidden, (await silent.PostAsJsonAsync(Create, new { name = "no tier", channel = "email", budget = 1 })).StatusCode);
    }

    [Fact]
    public async Task Of_five_at_once_on_free_two_are_made()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "free");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => client.PostAsJsonAsync(Create, new { name = $"at once {i}", channel = "google_ads", budget = 10, destination = "https://shop.example/" })));
        Assert.Equal((2, 3), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden)));
        Assert.Equal((2L, 2L), await app.ReadAsync<(long, long)>(
            "select (select count(*) from campaigns where tenant_id = @tenant), (select used from kernel.tenant_resources where tenant_id = @tenant and resource = 'campaigns')", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task Asked_for_again_after_a_crash_it_is_the_one_made_first()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "free");
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var first = await ReadAsync(await client.PostAsJsonAsync(Create, new { name = "once", channel = "blog", budget = 0, destination = "https://shop.example/" }), HttpStatusCode.Created);
        await app.ReadAsync<object>("delete from kernel.idempotency where tenant_id = @tenant", new { tenant = tenant.Value }); // as when the process died before it kept the answer
        var again = await ReadAsync(await client.PostAsJsonAsync(Create, new { name = "once", channel = "blog", budget = 0, destination = "https://shop.example/" }), HttpStatusCode.Created);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(1L, await app.ReadAsync<long>("select used from kernel.tenant_resources where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    [Theory]
    [InlineData("""{"name": " ", "channel": "email", "budget": 1}""", "name")]
    [InlineData("""{"channel": "email", "budget": 1}""", "name")]
    [InlineData("""{"name": "a\nb", "channel": "email", "budget": 1}""", "name")]
    [InlineData("""{"name": "n", "channel": "bing", "budget": 1}""", "channel")]
    [InlineData("""{"name": "n", "channel": "google_ads", "budget": 0}""", "budget")]
    [InlineData("""{"name": "n", "channel": "email", "budget": -1}""", "budget")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1.005}""", "budget")]
    [InlineData("""{"name": "n", "channel": "email", "budget": "1"}""", "budget")]
    [InlineData("""{"name": "n", "channel": "email"}""", "budget")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1, "currency": "GOLD"}""", "currency")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1, "status": "ended"}""", "status")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1, "starts_at": "2026-03-02T00:00:00Z", "ends_at": "2026-03-01T00:00:00Z"}""", "ends_at")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1, "status": "active", "ends_at": "2026-03-01T00:00:00Z"}""", "ends_at")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1, "destination": "javascript:alert(1)"}""", "destination")]
    [InlineData("""{"name": "n", "channel": "email", "budget": 1, "colour": "red"}""", "colour")]
    public async Task A_wrong_request_names_its_field(string body, string field)
    {
        using var client = app.ClientOf(app.NewTenant(), "free");
        var problem = await ReadAsync(await client.PostAsync(Create, new StringContent(body, System.Text.Encoding.UTF8, "application/json")), HttpStatusCode.BadRequest);
        Assert.Equal("VALIDATION_ERROR", Text(problem, "code"));
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Spend_is_recorded_once_by_its_reference_and_bounds_the_budget()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "free");
        var id = await app.CreateAsync(client);
        Task<HttpResponseMessage> SpendAsync(decimal amount, string day = "2026-03-02", string? currency = null, string reference = "invoice 1") =>
            client.PostAsJsonAsync($"{Path}/{id}/spend", new { amount, spent_on = day, source = "google", reference, currency });
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SpendAsync(40.000001m)));
        Assert.Equal((1, 5), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), answers.Count(answer => answer.StatusCode == HttpStatusCode.OK)));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal("SPEND_RECORDED_OTHERWISE", Text(await ReadAsync(await SpendAsync(41), HttpStatusCode.Conflict), "code"));
        foreach (var (wrong, field) in ((Task<HttpResponseMessage>, string)[])
            [(SpendAsync(0, reference: "2"), "amount"), (SpendAsync(0.0000001m, reference: "2"), "amount"), (SpendAsync(1, "2999-01-01", reference: "2"), "spent_on"), (SpendAsync(1, currency: "EUR", reference: "2"), "currency"), (SpendAsync(1, reference: " "), "reference")])
            Assert.Equal([field], (await ReadAsync(await wrong, HttpStatusCode.BadRequest)).GetProperty("errors").EnumerateObject().Select(error => error.Name));

        var shown = await client.GetFromJsonAsync<JsonElement>($"{Path}/{id}");
        Assert.Equal((40.000001m, 59.999999m), (Number(shown, "spent"), Number(shown, "remaining")));
        var line = Assert.Single((await client.GetFromJsonAsync<JsonElement>($"{Path}/{id}/spend")).GetProperty("data").EnumerateArray());
        Assert.Equal((40.000001m, "USD", "2026-03-02", "google", "invoice 1", "user:test", false), (Number(line, "amount"), Text(line, "currency"), Text(line, "spent_on"), Text(line, "source"), Text(line, "reference"), Text(line, "recorded_by"), line.GetProperty("test").GetBoolean()));
        var below = await ReadAsync(await client.PutAsJsonAsync($"/api/marketing/{id}", new { budget = 40 }), HttpStatusCode.BadRequest);
        Assert.Contains("40.000001 USD is spent already", below.GetProperty("errors").GetProperty("budget")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync($"/api/marketing/{id}", new { budget = 40.01m })).StatusCode);
        Assert.Equal(40.000001m, Number((await app.FiguresAsync(client, "?campaign=" + id)).GetProperty("data")[0], "spend"));
        Assert.Empty((await app.FiguresAsync(client, "?from=2026-03-03")).GetProperty("totals").EnumerateArray());
    }

    [Fact]
    public async Task What_another_service_spends_on_a_campaign_counts_once_and_our_own_word_not_again()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "enterprise");
        var id = await app.CreateAsync(client, budget: 1);
        (await client.PostAsJsonAsync($"{Path}/{id}/spend", new { amount = 2, spent_on = "2026-03-02", source = "printer", reference = "flyers" })).EnsureSuccessStatusCode();
        var told = new CostIncurred
        {
            TenantId = tenant.Value, CostId = Guid.CreateVersion7(), Category = "mail", Micros = 500_000, Currency = "USD", CampaignId = PublicId.Parse("cmp", id), Description = "5,000 mails", Test = true,
            OccurredAt = new(2026, 3, 3, 23, 59, 0, TimeSpan.Zero),
        };
        await app.TellAsync(tenant, told);
        await app.TellAsync(tenant, told);
        await app.TellAsync(tenant, told with { CostId = Guid.CreateVersion7(), CampaignId = null });
        await app.TellAsync(tenant, told with { CostId = Guid.CreateVersion7(), CampaignId = Guid.CreateVersion7() }); // none of ours
        await app.TellAsync(tenant, told with { CostId = Guid.CreateVersion7(), Currency = "EUR", Micros = 250_000 });
        await Eventually.EqualAsync(3L, () => app.ReadAsync<long>("select count(*) from campaign_spend where tenant_id = @tenant", new { tenant = tenant.Value }));
        var shown = await client.GetFromJsonAsync<JsonElement>($"{Path}/{id}");
        Assert.Equal((2.5m, -1.5m), (Number(shown, "spent"), Number(shown, "remaining")));
        Assert.Equal(["mail EUR 0.25", "mail USD 0.5", "printer USD 2"], (await client.GetFromJsonAsync<JsonElement>($"{Path}/{id}/spend")).GetProperty("data").EnumerateArray()
            .Select(line => $"{Text(line, "source")} {Text(line, "currency")} {Number(line, "amount"):0.##}").Order(StringComparer.Ordinal));
        var report = await app.FiguresAsync(client, "");
        Assert.True(report.GetProperty("test").GetBoolean());
        Assert.Equal(["EUR 0.25", "USD 2.5"], report.GetProperty("totals").EnumerateArray().Select(total => $"{Text(total, "currency")} {Number(total, "spend"):0.##}"));
        await Eventually.EqualAsync("ads google_ads 2000000 USD printer flyers", () => app.ToldOfCostsAsync(tenant));   // ours, to everybody who keeps books
    }

    [Fact]
    public async Task The_figures_equal_hand_arithmetic_and_a_return_without_spend_is_undefined()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "professional");
        var (spring, quiet) = (await app.CreateAsync(client, destination: "https://shop.example/"), await app.CreateAsync(client, "Quiet", "blog", 0, destination: "https://shop.example/quiet"));
        var code = await CodeAsync(client, spring);
        var flyer = Text(await ReadAsync(await client.PostAsJsonAsync($"{Path}/{spring}/links", new { label = "flyer", destination = "https://shop.example/" }), HttpStatusCode.Created), "code");
        foreach (var (amount, day) in ((decimal, string)[])[(30, "2026-03-01"), (10, "2026-03-02"), (5, "2026-02-28")])
            (await client.PostAsJsonAsync($"{Path}/{spring}/spend", new { amount, spent_on = day, source = "google", reference = day })).EnsureSuccessStatusCode();
        var (first, second) = (await app.ClickAsync(code), await app.ClickAsync(flyer));
        await app.ClickAsync(code);
        await app.ClickAsync(code, bot: true);
        await app.SellAsync(first, "60.50");
        await app.SellAsync(second, "9.50");
        await app.SellAsync(second, "9.50", status: "reversed");
        await app.SellAsync(await app.ClickAsync(await CodeAsync(client, quiet)), "7.25");
        JsonElement report = default;
        await Eventually.TrueAsync(async () => (report = await app.FiguresAsync(client, "")).GetProperty("clicks").GetInt64() == 4);

        // 60.50 of revenue on 45.00 of spend: (60.50 - 45.00) / 45.00 = 34.44 %
        Assert.Equal(["Quiet 0 1 0 1 0 7.25 -", "Spring sale 45 3 1 2 1 60.5 34.44"], report.GetProperty("data").EnumerateArray().Select(Line));
        var total = Assert.Single(report.GetProperty("totals").EnumerateArray());
        Assert.Equal(("USD", 45m, 3, 1, 67.75m, 50.56m), (Text(total, "currency"), Number(total, "spend"), total.GetProperty("conversions").GetInt32(), total.GetProperty("reversed").GetInt32(), Number(total, "revenue"), Number(total, "roi_percent")));
        Assert.Equal(["Quiet 0 1 0 1 0 7.25 -"], (await app.FiguresAsync(client, "?channel=blog")).GetProperty("data").EnumerateArray().Select(Line));
        // In the first two days of March, when both sales came and 40.00 was spent, nothing was returned yet: (70.00 - 40.00) / 40.00 = 75 %
        Assert.Equal("Spring sale 40 0 0 2 0 70 75.00", Line((await app.FiguresAsync(client, $"?from=2026-03-01&to=2026-03-02&campaign={spring}")).GetProperty("data")[0]));

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"{Path}/{spring}")).StatusCode);   // its figures stay
        var archived = (await app.FiguresAsync(client, $"?campaign={spring}")).GetProperty("data")[0];
        Assert.Equal(("Spring sale 45 3 1 2 1 60.5 34.44", true), (Line(archived), archived.GetProperty("archived").GetBoolean()));
        using var stranger = app.ClientOf(app.NewTenant(), "free");
        Assert.Empty((await app.FiguresAsync(stranger, $"?campaign={spring}")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Figures_come_page_by_page_and_the_totals_are_of_all()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "professional");
        for (var i = 1; i <= 5; i++)
        {
            var id = await app.CreateAsync(client, $"number {i}");
            (await client.PostAsJsonAsync($"{Path}/{id}/spend", new { amount = i, spent_on = "2026-03-02", source = "google", reference = "1" })).EnsureSuccessStatusCode();
        }
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.FiguresAsync(client, $"?limit=2&cursor={cursor}");
            Assert.Equal(15m, Number(Assert.Single(page.GetProperty("totals").EnumerateArray()), "spend"));
            names.AddRange(page.GetProperty("data").EnumerateArray().Select(row => Text(row, "name")));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(["number 5", "number 4", "number 3", "number 2", "number 1"], names);
    }

    [Theory]
    [InlineData("?from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?campaign=5", "campaign")]
    [InlineData("?limit=0", "limit")]
    public async Task A_wrong_period_names_its_field(string query, string field)
    {
        using var client = app.ClientOf(app.NewTenant(), "free");
        var problem = await ReadAsync(await client.GetAsync(Figures + query), HttpStatusCode.BadRequest);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Links_are_told_apart_by_their_label()
    {
        using var client = app.ClientOf(app.NewTenant(), "free");
        var id = await app.CreateAsync(client, destination: "https://shop.example/");
        Task<HttpResponseMessage> AddAsync(string label, string destination) => client.PostAsJsonAsync($"{Path}/{id}/links", new { label, destination });
        var made = await ReadAsync(await AddAsync("flyer", "https://shop.example/a"), HttpStatusCode.Created);
        Assert.Equal(made.GetRawText(), (await ReadAsync(await AddAsync("flyer", "https://shop.example/a"), HttpStatusCode.OK)).GetRawText());
        Assert.Equal("LINK_EXISTS", Text(await ReadAsync(await AddAsync("flyer", "https://shop.example/b"), HttpStatusCode.Conflict), "code"));
        Assert.Equal(HttpStatusCode.BadRequest, (await AddAsync("", "https://shop.example/b")).StatusCode);
        Assert.Equal(["main", "flyer"], (await client.GetFromJsonAsync<JsonElement>($"{Path}/{id}")).GetProperty("links").EnumerateArray().Select(link => Text(link, "label")));
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_who_may_only_look_changes_nothing()
    {
        var tenant = app.NewTenant();
        using var client = app.ClientOf(tenant, "free");
        var id = await app.CreateAsync(client);
        foreach (var path in (string[])[$"/api/marketing/cmp_{Guid.CreateVersion7():N}", "/api/marketing/5", "/api/marketing/cmp_zz"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsJsonAsync(path, new { budget = 1 })).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync(path)).StatusCode);
        }
        using var viewer = app.ClientOf(tenant, "free", "viewer");
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync($"/api/marketing/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PutAsJsonAsync($"/api/marketing/{id}", new { budget = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.DeleteAsync($"/api/marketing/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync(Create, new { name = "n", channel = "email", budget = 1 })).StatusCode);
    }

    private static async Task<string> CodeAsync(HttpClient client, string campaign) => Text((await client.GetFromJsonAsync<JsonElement>($"{Path}/{campaign}")).GetProperty("links")[0], "code");

    private static string Line(JsonElement row) => string.Join(' ', ((string[])["name", "spend", "clicks", "bot_clicks", "conversions", "reversed", "revenue"]).Select(name => row.GetProperty(name).ToString()))
        + (row.GetProperty("roi_percent") is { ValueKind: JsonValueKind.Number } roi ? $" {roi.GetRawText()}" : " -");

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode wanted)
    {
        using var answer = response;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == wanted, $"{(int)answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static decimal Number(JsonElement row, string name) => row.GetProperty(name).GetDecimal();
}

/// <summary>Links and figures are analytics', which nobody plays here; what campaigns are is not.</summary>
public sealed class CampaignsWithoutAnalyticsTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task Without_analytics_a_link_is_refused_and_takes_no_place_and_everything_else_goes_on()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        using var client = app.ClientFor(tenant);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsJsonAsync(CampaignApp.Path, new { name = "linked", channel = "email", budget = 1, destination = "https://shop.example/" })).StatusCode);
        Assert.Equal(0L, await app.ReadAsync<long>("select count(*) from kernel.tenant_resources where tenant_id = @tenant", new { tenant = tenant.Value }));
        using var made = await client.PostAsJsonAsync(CampaignApp.Path, new { name = "plain", channel = "email", budget = 1 });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync(made.Headers.Location, new { budget = 5 })).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync($"{CampaignApp.Path}/analytics")).StatusCode);
    }
}
