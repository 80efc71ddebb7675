using System.Net;
using System.Text.Json;
using Empire.Analytics.Costs;
using Empire.Analytics.Publications;
using Empire.Analytics.Returns;
using Empire.Contracts.V1;
using Empire.Testing;

namespace Empire.Analytics.Tests.Returns;

public sealed class ReportReturnsTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());
    private static readonly DateTimeOffset Day = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("product")]
    [InlineData("niche")]
    [InlineData("platform")]
    [InlineData("prompt_version")]
    public async Task Revenue_600_on_cost_150_is_300_percent_on_each_dimension(string by)
    {
        var product = Guid.CreateVersion7();
        await SpendAsync(new() { Micros = 150_000_000, ProductId = product, Niche = "kitchen", Platform = "blog", PromptVersion = "blog_post@1" });
        var link = await app.LinkAsync(new() { Destination = "https://shop.example/", ProductId = product.ToString(), Niche = "kitchen", Platform = "blog", PromptVersion = "blog_post@1" }, tenant);
        await SellAsync(await app.ClickAsync(link), "600.00");

        var report = await ReportAsync($"by={by}");

        var row = Assert.Single(report.GetProperty("rows").EnumerateArray());
        Assert.Equal(by switch { "product" => product.ToString(), "niche" => "kitchen", "platform" => "blog", _ => "blog_post@1" }, row.GetProperty("value").GetString());
        Assert.Equal((150m, 600m, 300m), (row.GetProperty("cost").GetDecimal(), row.GetProperty("revenue").GetDecimal(), row.GetProperty("roi_percent").GetDecimal()));
        Assert.Equal(300m, report.GetProperty("totals").GetProperty("roi_percent").GetDecimal());
        Assert.True(report.GetProperty("test").GetBoolean());
    }

    [Fact]
    public async Task A_credit_note_takes_back_of_a_cost_what_was_entered_too_high()
    {
        await SpendAsync(new() { Category = "hosting", Micros = 410_650_000, Niche = "kitchen" });
        await SpendAsync(new() { Category = "hosting", Micros = -369_000_000, Niche = "kitchen" });
        Assert.Equal(41.65m, Assert.Single((await ReportAsync("by=niche")).GetProperty("rows").EnumerateArray()).GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task A_campaign_has_its_own_row_that_opens_down_to_clicks_sales_and_costs()
    {
        var campaign = Guid.CreateVersion7();
        var shown = PublicId.Format("cmp", campaign);
        await SpendAsync(new() { Category = "ads", Micros = 40_000_000, CampaignId = campaign });
        await SpendAsync(new() { Micros = 7 });
        var link = await app.LinkAsync(new() { Destination = "https://shop.example/", CampaignId = campaign.ToString() }, tenant);
        var (kept, returned) = (await app.ClickAsync(link), await app.ClickAsync(link));
        await SellAsync(kept, "60.50");
        await SellAsync(returned, "9.50");
        Assert.Equal("reversed", await app.StatusAsync(AnalyticsApp.Body($"c-{returned}", returned, "reversed", "9.50")));
        using (var bot = app.CreateDefaultClient()) await bot.GetAsync($"/r/{link}"); // says nothing of itself
        await Eventually.TrueAsync(async () => (await CampaignsAsync()).Clicks.SingleOrDefault() is { Clicks: 2, BotClicks: 1 });

        var row = (await ReportAsync("by=campaign")).GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("value").GetString() == shown);
        Assert.Equal($"{shown} 40 60.5 51.25 2 2 0", Line(row));
        Assert.Equal(1, row.GetProperty("reversed").GetInt32());
        using var client = app.ClientFor(tenant);
        foreach (var (list, rows) in ((string, int)[])[("costs", 1), ("conversions", 2), ("clicks", 3)])
        {
            var found = Rows(await client.GetStringAsync($"/api/v1/analytics/{list}?campaign={shown}")).ToList();
            Assert.Equal(rows, found.Count);
            Assert.All(found, one => Assert.Equal(shown, one.GetProperty("campaign_id").GetString()));
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/analytics/costs?campaign=mine")).StatusCode);

        var told = Assert.Single((await CampaignsAsync()).Revenues);
        Assert.Equal((campaign.ToString(), 60_500_000L, "USD", 2L, 1L, true), (told.CampaignId, told.Revenue.Micros, told.Revenue.Currency, told.Conversions, told.Reversed, told.Test));
        Assert.Empty((await CampaignsAsync(from: "2026-03-03", to: "2026-03-04")).Revenues);  // sold the day before, returned on the day of the test
        Assert.Equal(1L, await app.ToldAsync<Contracts.ConversionRecorded>($$"""{"campaignId": "{{campaign}}", "commissionMicros": 60500000}"""));
        Assert.Equal(3L, await app.ToldAsync<Contracts.AffiliateClicked>($$"""{"campaignId": "{{campaign}}"}"""));
    }

    [Theory]
    [InlineData("2026-03", "", "from")]
    [InlineData("", "tomorrow", "to")]
    [InlineData("2026-03-02", "2026-03-01", "from")]
    public async Task A_wrong_day_of_a_campaign_report_is_named(string from, string to, string field)
    {
        var refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => CampaignsAsync(from, to));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith($"{field}:", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_gpus_cost_for_a_piece_is_on_its_row_with_the_joules()
    {
        var piece = Guid.CreateVersion7();
        await PieceAsync(piece, "trail running");
        await SpendAsync(new() { Category = "gpu", Micros = 1_700_000, EnergyJoules = 401_000, PieceId = piece });
        await SpendAsync(new() { Category = "llm", Micros = 300_000, PieceId = piece });
        Assert.Equal(2m, Assert.Single((await ReportAsync("by=niche")).GetProperty("rows").EnumerateArray()).GetProperty("cost").GetDecimal());
        using var client = app.ClientFor(tenant);
        var rows = Rows(await client.GetStringAsync("/api/v1/analytics/costs?niche=trail%20running"));
        Assert.Equal([(1.7m, (long?)401_000L), (0.3m, null)], rows.OrderBy(row => row.GetProperty("category").GetString())
            .Select(row => (row.GetProperty("amount").GetDecimal(), row.TryGetProperty("energy_joules", out var joules) && joules.ValueKind == JsonValueKind.Number ? joules.GetInt64() : (long?)null)));
    }

    [Fact]
    public async Task Parts_sum_to_the_whole_to_the_micro_and_what_lacks_lineage_is_shown_apart()
    {
        var (kitchen, running) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await PieceAsync(kitchen, "kitchen");
        await PieceAsync(running, "running");
        await SpendAsync(new() { Micros = 1, PieceId = kitchen });
        await SpendAsync(new() { Micros = 333_333, PieceId = kitchen });
        await SpendAsync(new() { Micros = 2_000_001, PieceId = running });
        await SpendAsync(new() { Micros = 7 });                                    // nothing tells where it belongs
        await SpendAsync(new() { Micros = 900, PieceId = Guid.CreateVersion7() }); // its piece has not been heard of
        var ofKitchen = await app.LinkAsync(new() { Destination = "https://shop.example/", PieceId = kitchen.ToString() }, tenant);
        await SellAsync(await app.ClickAsync(ofKitchen), "3.990001");
        await SellAsync(await app.ClickAsync(ofKitchen), "0.000002");
        await SellAsync(await app.ClickAsync(await app.LinkAsync(tenant: tenant)), "1.5");
        await Eventually.EqualAsync(3L, async () => (await ReportAsync("by=niche")).GetProperty("totals").GetProperty("clicks").GetInt64());

        var report = await ReportAsync("by=niche");

        Assert.Equal(
            ["kitchen 0.333334 3.990003 1097.00 2 2 1", "unattributed 0.000907 1.5 165280.37 1 1 0", "running 2.000001 0 -100.00 0 0 1"],
            report.GetProperty("rows").EnumerateArray().Select(Line));
        Assert.Equal("total 2.334242 5.490003 135.19 3 3 2", Line(report.GetProperty("totals")));
    }

    [Fact]
    public async Task What_was_taken_back_is_no_revenue()
    {
        var link = await app.LinkAsync(new() { Destination = "https://shop.example/", Niche = "kitchen" }, tenant);
        var subId = await app.ClickAsync(link);
        await app.StatusAsync(AnalyticsApp.Body($"{subId}", subId, commission: "10"));
        await app.StatusAsync(AnalyticsApp.Body($"{subId}", subId, "reversed", commission: "10"));
        await SellAsync(await app.ClickAsync(link), "5");

        var totals = (await ReportAsync("by=niche")).GetProperty("totals");

        Assert.Equal((5m, 2L, 1L), (totals.GetProperty("revenue").GetDecimal(), totals.GetProperty("conversions").GetInt64(), totals.GetProperty("reversed").GetInt64()));
        Assert.Equal(JsonValueKind.Null, totals.GetProperty("roi_percent").ValueKind);
    }

    [Fact]
    public async Task Currencies_are_never_added()
    {
        await SpendAsync(new() { Micros = 1_000_000, Niche = "kitchen" });
        await SpendAsync(new() { Micros = 2_000_000, Niche = "kitchen", Currency = "EUR" });
        await SellAsync(await app.ClickAsync(await app.LinkAsync(new() { Destination = "https://shop.example/", Niche = "kitchen" }, tenant)), "6", "EUR");

        var dollars = await ReportAsync("by=niche");
        var euros = await ReportAsync("by=niche&currency=eur");

        Assert.Equal((1m, 0m), (dollars.GetProperty("totals").GetProperty("cost").GetDecimal(), dollars.GetProperty("totals").GetProperty("revenue").GetDecimal()));
        var other = Assert.Single(dollars.GetProperty("other_currencies").EnumerateArray());
        Assert.Equal(("EUR", 200m), (other.GetProperty("currency").GetString(), other.GetProperty("totals").GetProperty("roi_percent").GetDecimal()));
        Assert.Equal(200m, euros.GetProperty("totals").GetProperty("roi_percent").GetDecimal());
        Assert.Equal("USD", Assert.Single(euros.GetProperty("other_currencies").EnumerateArray()).GetProperty("currency").GetString());
    }

    [Fact]
    public async Task A_period_holds_its_first_and_last_day_whole()
    {
        foreach (var at in (DateTimeOffset[])[new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 3, 23, 59, 59, TimeSpan.Zero), new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 23, 59, 59, TimeSpan.Zero)])
            await SpendAsync(new() { Micros = 1_000_000, At = at });

        Assert.Equal(2m, (await ReportAsync("by=niche&from=2026-03-02&to=2026-03-03")).GetProperty("totals").GetProperty("cost").GetDecimal());
        Assert.Equal(4m, (await ReportAsync("by=niche")).GetProperty("totals").GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Another_tenant_sees_nothing()
    {
        await SpendAsync(new() { Micros = 1_000_000 });
        await SellAsync(await app.ClickAsync(await app.LinkAsync(tenant: tenant)), "5");
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));

        foreach (var list in (string[])["costs", "conversions", "clicks"])
        {
            using var own = app.ClientFor(tenant);
            Assert.Single(Rows(await own.GetStringAsync($"/api/v1/analytics/{list}")));
            Assert.Empty(Rows(await stranger.GetStringAsync($"/api/v1/analytics/{list}")));
        }
        Assert.Empty(JsonDocument.Parse(await stranger.GetStringAsync("/api/v1/analytics/roi?by=niche")).RootElement.GetProperty("rows").EnumerateArray());
        await TenantTables.AssertIsolatedAsync(app.TestDatabase);
    }

    [Fact]
    public async Task A_number_opens_down_to_its_rows_page_by_page()
    {
        for (var i = 0; i < 5; i++) await SpendAsync(new() { Micros = 1_000_000 + i, Niche = "kitchen" });
        await SpendAsync(new() { Micros = 9 });

        using var client = app.ClientFor(tenant);
        List<decimal> amounts = [];
        string? cursor = null;
        do
        {
            var page = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/analytics/costs?niche=kitchen&limit=2&cursor={cursor}")).RootElement;
            amounts.AddRange(page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("amount").GetDecimal()));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal([1m, 1.000001m, 1.000002m, 1.000003m, 1.000004m], amounts.Order());
        Assert.Single(Rows(await client.GetStringAsync("/api/v1/analytics/costs?niche=unattributed")));
    }

    [Theory]
    [InlineData("", "by")]
    [InlineData("by=colour", "by")]
    [InlineData("by=niche&currency=DOLLAR", "currency")]
    [InlineData("by=niche&from=2026-03-03&to=2026-03-02", "from")]
    [InlineData("by=niche&from=yesterday", "from")]
    public async Task A_wrong_parameter_is_a_400_that_names_it(string query, string field)
    {
        using var client = app.ClientFor(tenant);
        using var response = await client.GetAsync($"/api/v1/analytics/roi?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("VALIDATION_ERROR", problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Nobody_without_a_key_sees_a_figure()
    {
        using var response = await app.CreateDefaultClient().GetAsync("/api/v1/analytics/roi?by=niche");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_batch_keeps_the_figures_it_got_first_once_they_are_complete()
    {
        var piece = Guid.CreateVersion7();
        var request = new ComputeReturnsRequest { BatchId = Guid.CreateVersion7().ToString(), PieceIds = { piece.ToString() } };
        await SpendAsync(new() { Micros = 150_000_000, Platform = "blog" });

        Assert.False((await ComputeAsync(request)).Complete);
        await SpendAsync(new() { Micros = 50_000_000, Platform = "blog", PieceId = piece });
        var first = await ComputeAsync(request);
        await SpendAsync(new() { Micros = 1, Platform = "blog" });
        var again = await ComputeAsync(request);

        Assert.True(first.Complete);
        Assert.Equal(200_000_000, first.Cost.Micros);
        Assert.Equal(first, again);
        Assert.Equal("-100.00", first.Returns.Single(row => row.Dimension == "platform").RoiPercent);
    }

    private Task<ComputeReturnsReply> ComputeAsync(ComputeReturnsRequest request) => ComputeReturns.HandleAsync(request, tenant, app.Database, TimeProvider.System, CancellationToken.None);

    private Task<ReportCampaignsReply> CampaignsAsync(string from = "", string to = "") =>
        ReportCampaigns.HandleAsync(new() { From = from, To = to }, tenant, app.Database, CancellationToken.None);

    private sealed record Spending
    {
        public string Category { get; init; } = "llm";
        public required long Micros { get; init; }
        public long? EnergyJoules { get; init; }
        public string Currency { get; init; } = "USD";
        public Guid? PieceId { get; init; }
        public Guid? ProductId { get; init; }
        public string? Niche { get; init; }
        public string? Platform { get; init; }
        public string? PromptVersion { get; init; }
        public Guid? CampaignId { get; init; }
        public DateTimeOffset At { get; init; } = Day;
    }

    private async Task SpendAsync(Spending spending)
    {
        await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
        await new RecordCost().HandleAsync(new()
        {
            TenantId = tenant.Value,
            CostId = Guid.CreateVersion7(),
            Category = spending.Category,
            Micros = spending.Micros,
            EnergyJoules = spending.EnergyJoules,
            Currency = spending.Currency,
            PieceId = spending.PieceId,
            ProductId = spending.ProductId,
            Niche = spending.Niche,
            Platform = spending.Platform,
            PromptVersion = spending.PromptVersion,
            CampaignId = spending.CampaignId,
            Description = "tokens",
            Test = true,
            OccurredAt = spending.At,
        }, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task PieceAsync(Guid id, string niche)
    {
        await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
        await new RegisterPiece().HandleAsync(new()
        {
            TenantId = tenant.Value, PieceId = id, Kind = "blog_post", Title = "A piece", Niche = niche, Platform = "blog", PromptVersion = "blog_post@1", Test = true, OccurredAt = Day,
        }, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task SellAsync(string subId, string commission, string currency = "USD") =>
        Assert.Equal("recorded", await app.StatusAsync(AnalyticsApp.Body($"c-{subId}", subId, commission: commission, currency: currency)));

    private async Task<JsonElement> ReportAsync(string query)
    {
        using var client = app.ClientFor(tenant);
        return JsonDocument.Parse(await client.GetStringAsync($"/api/v1/analytics/roi?{query}")).RootElement;
    }

    private static string Line(JsonElement row) => string.Join(' ', ((string[])["value", "cost", "revenue", "roi_percent", "conversions", "clicks", "pieces"]).Select(name => row.GetProperty(name).ToString()));

    private static JsonElement.ArrayEnumerator Rows(string page) => JsonDocument.Parse(page).RootElement.GetProperty("data").EnumerateArray();
}
