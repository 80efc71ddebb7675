using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>ACQ-18 and, for campaigns, IDN-14 through the gateway: places of a tier, and a campaign's figures from its link to its return.</summary>
[Collection(InstallationCollection.Name)]
public sealed class CampaignTests(Installation empire) : IDisposable
{
    private const string Create = "/api/marketing/campaign", Campaigns = "/api/v1/acquisition/campaigns", Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
    private readonly Market market = new(empire);

    public void Dispose() => market.Dispose();

    [Fact]
    public async Task The_third_campaign_on_free_is_refused_with_the_limit_and_an_upgrade_lifts_it_at_once()
    {
        var (email, account) = await market.AccountAsync();
        using var client = account;
        foreach (var name in (string[])["first", "second"]) await Market.PostAsync(client, Create, new { name, channel = "email", budget = 10 });
        var (status, refused) = await Market.TryAsync(client, Create, new { name = "third", channel = "email", budget = 10 });
        Assert.Equal((HttpStatusCode.Forbidden, "TIER_LIMIT_EXCEEDED", "error"), (status, Market.Text(refused, "code"), Market.Text(refused, "status")));
        Assert.Contains("2 campaigns", Market.Text(refused, "message"), StringComparison.Ordinal);
        await UsedAsync(client, "2 of 2");

        var upgrade = await Market.PostAsync(client, "/api/upgrade", new { email, tier = "professional", payment_method = "flutterwave" });
        await market.VisitAsync((await market.PressAsync(new Uri(Market.Text(upgrade, "payment_url")).AbsolutePath, ("answer", "pay")))!);
        await UsedAsync(client, "2 of 20");
        var third = await Market.PostAsync(client, Create, new { name = "third", channel = "email", budget = 10 });
        await UsedAsync(client, "3 of 20");
        using (var gone = await client.DeleteAsync($"/api/marketing/{Market.Text(third, "id")}")) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await UsedAsync(client, "2 of 20");
        Assert.Equal(["second", "first"], (await client.GetJsonAsync("/api/marketing/list")).GetProperty("data").EnumerateArray().Select(one => Market.Text(one, "name")));
    }

    [Fact]
    public async Task The_figures_of_a_campaign_equal_hand_arithmetic_and_its_spend_stands_in_the_books()
    {
        using var shop = new Shop(empire.Sandbox);
        using var client = await empire.NewTenantAsync("campaigner");
        var feed = (await shop.FeedAsync(40, 1)).Split('\n')[1];
        var page = feed.Split("\",\"").Single(field => field.StartsWith("http", StringComparison.Ordinal));
        var campaign = await Market.PostAsync(client, Create, new { name = "Spring sale", channel = "google_ads", budget = 250, status = "active", destination = page });
        var id = Market.Text(campaign, "id");
        foreach (var (amount, reference) in ((decimal, string)[])[(2.50m, "invoice 1"), (0.75m, "invoice 2"), (0.75m, "invoice 2")])
            await Market.PostAsync(client, $"{Campaigns}/{id}/spend", new { amount, spent_on = "2026-03-02", source = "google", reference });
        var link = new Uri(Market.Text(campaign.GetProperty("links")[0], "url")).AbsolutePath;
        await FollowAsync(link);
        await FollowAsync(link, bot: true);
        var commission = await shop.BuyAsync(await FollowAsync(link));

        // By the path that is never kept: the gateway may show the other one five minutes old.
        JsonElement row = default;
        await Eventually.TrueAsync(async () => (row = Row(await client.GetJsonAsync($"{Campaigns}/analytics"))).GetProperty("clicks").GetInt64() == 2 && row.GetProperty("conversions").GetInt64() == 1);
        Assert.Equal((3.25m, commission, 1L, decimal.Round((commission - 3.25m) / 3.25m * 100, 2, MidpointRounding.ToEven)),
            (row.GetProperty("spend").GetDecimal(), row.GetProperty("revenue").GetDecimal(), row.GetProperty("bot_clicks").GetInt64(), row.GetProperty("roi_percent").GetDecimal()));
        Assert.Equal(row.GetRawText(), Row(await client.GetJsonAsync("/api/marketing/analytics")).GetRawText());
        await Eventually.EqualAsync(row.GetProperty("roi_percent").GetRawText(), async () => (await client.GetJsonAsync("/api/v1/analytics/roi?by=campaign")).GetProperty("rows").EnumerateArray()
            .SingleOrDefault(one => Market.Text(one, "value") == id) is { ValueKind: JsonValueKind.Object } same ? same.GetProperty("roi_percent").GetRawText() : "");
        await Eventually.EqualAsync("google invoice 1 2.5, google invoice 2 0.75", async () => string.Join(", ", (await client.GetAllAsync("/api/v1/ledger/entries?account=cost:ads"))
            .Select(entry => $"{Market.Text(entry, "description")} {entry.GetProperty("lines").EnumerateArray().Single(line => Market.Text(line, "account") == "cost:ads").GetProperty("debit").GetDecimal():0.##}").Order(StringComparer.Ordinal)));

        using var changed = await client.PutAsJsonAsync($"/api/marketing/{id}", new { budget = 300.25m });
        Assert.Equal(300.25m, (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("budget").GetDecimal());
        using var below = await client.PutAsJsonAsync($"/api/marketing/{id}", new { budget = 3 });
        Assert.Equal((HttpStatusCode.BadRequest, true), (below.StatusCode, (await below.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("budget", out _)));
        using var stranger = await empire.NewTenantAsync("no campaigner");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/marketing/{id}")).StatusCode);
    }

    /// <summary>Waits until the account's own page says so. A free key may ask a hundred times an hour, so it is not asked without a pause.</summary>
    private static Task UsedAsync(HttpClient client, string wanted) => Eventually.EqualAsync(wanted, async () =>
    {
        var line = (await client.GetJsonAsync("/api/usage")).GetProperty("usage").EnumerateArray().Single(one => Market.Text(one, "item") == "campaigns");
        var seen = $"{line.GetProperty("used")} of {line.GetProperty("limit")}";
        if (seen != wanted) await Task.Delay(TimeSpan.FromMilliseconds(400));
        return seen;
    });

    private static JsonElement Row(JsonElement report) => Assert.Single(report.GetProperty("data").EnumerateArray());

    private async Task<Uri> FollowAsync(string path, bool bot = false)
    {
        using var visitor = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = empire.Gateway };
        if (!bot) visitor.DefaultRequestHeaders.UserAgent.ParseAdd(Browser);
        using var answer = await visitor.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location!;
    }
}
