using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>Products and stores through the gateway, on accounts as a stranger opens them: what they may have, what they are told of it, and what a larger tier changes at once (AUT-18, AUT-19, IDN-14).</summary>
[Collection(InstallationCollection.Name)]
public sealed class ProductTests(Installation empire) : IDisposable
{
    private readonly Market market = new(empire);

    public void Dispose() => market.Dispose();

    [Fact]
    public async Task Five_products_on_free_the_sixth_names_the_limit_and_an_upgrade_lifts_it_at_once()
    {
        var (_, client) = await market.AccountAsync();
        using var account = client;
        var first = await CreatedAsync(account, "home coffee");
        foreach (var field in (string[])["title", "description", "prompt_version"]) Assert.NotEmpty(Market.Text(first, field));
        foreach (var field in (string[])["title", "meta_description", "slug"]) Assert.NotEmpty(Market.Text(first.GetProperty("seo"), field));
        Assert.True(first.GetProperty("price").GetDecimal() > 0);
        Assert.NotEmpty(first.GetProperty("seo").GetProperty("keywords").EnumerateArray());
        for (var i = 1; i < 5; i++) await CreatedAsync(account, "home coffee");
        Assert.Equal(5, (await account.GetAllAsync("/api/products/list")).Select(product => Market.Text(product, "title")).Distinct().Count()); // no two alike

        var (status, refusal) = await Market.TryAsync(account, "/api/products/create", new { niche = "home coffee" });
        Assert.Equal((HttpStatusCode.Forbidden, "TIER_LIMIT_EXCEEDED"), (status, Market.Text(refusal, "code")));
        Assert.Contains("5 products", Market.Text(refusal, "message"), StringComparison.Ordinal);
        await UsedAsync(account, "products", 5, 5);

        var (negative, named) = await Market.TryAsync(account, "/api/products/create", new { niche = "home coffee", price = -1 });
        Assert.Equal((HttpStatusCode.BadRequest, "price"), (negative, Assert.Single(named.GetProperty("errors").EnumerateObject()).Name));
        var proposal = await Market.PostAsync(account, "/api/products/optimize", new { product_id = Market.Text(first, "id") });
        Assert.NotEmpty(proposal.GetProperty("changes").EnumerateArray());
        Assert.All(proposal.GetProperty("changes").EnumerateArray(), change => Assert.NotEmpty(Market.Text(change, "reason")));
        using var changed = await account.PutAsJsonAsync($"/api/products/{Market.Text(first, "id")}", new { title = "By hand", price = 9.5 });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        await UpgradeAsync(account, "professional");
        await CreatedAsync(account, "home coffee");
        await UsedAsync(account, "products", 6, 50);
        using var deleted = await account.DeleteAsync($"/api/products/{Market.Text(first, "id")}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await UsedAsync(account, "products", 5, 50);
        Assert.DoesNotContain(await account.GetAllAsync("/api/products/list"), product => Market.Text(product, "title") == "By hand");
    }

    [Fact]
    public async Task One_store_on_free_the_second_names_the_limit_and_what_is_synced_is_what_the_platform_shows()
    {
        const string secret = "shpat_of_the_owner";
        var shop = $"shop-{Guid.CreateVersion7():N}"[..24];
        var (_, client) = await market.AccountAsync();
        using var account = client;
        var (bad, named) = await Market.TryAsync(account, "/api/stores/connect", new { platform = "shopify", store_url = $"https://{shop}.myshopify.com", access_token = "an-invalid-token" });
        Assert.Equal((HttpStatusCode.BadRequest, "access_token"), (bad, Assert.Single(named.GetProperty("errors").EnumerateObject()).Name));
        var store = await Market.PostAsync(account, "/api/stores/connect", new { platform = "shopify", store_url = $"https://{shop}.myshopify.com", access_token = secret });
        var (status, refusal) = await Market.TryAsync(account, "/api/stores/connect", new { platform = "gumroad", access_token = "gumroad-token" });
        Assert.Equal((HttpStatusCode.Forbidden, "TIER_LIMIT_EXCEEDED"), (status, Market.Text(refusal, "code")));
        Assert.Contains("1 store", Market.Text(refusal, "message"), StringComparison.Ordinal);
        await UsedAsync(account, "stores", 1, 1);

        var synced = Assert.Single((await Market.PostAsync(account, "/api/stores/sync", new { store_id = Market.Text(store, "id") })).GetProperty("data").EnumerateArray());
        using var platform = new HttpClient { BaseAddress = empire.Sandbox };
        platform.DefaultRequestHeaders.Add("X-Shopify-Access-Token", secret);
        var admin = $"/shopify/{shop}/admin/api/2023-10";
        Assert.Equal((await platform.GetJsonAsync($"{admin}/products/count.json")).GetProperty("count").GetInt32(), synced.GetProperty("total_products").GetInt32());
        var began = synced.GetProperty("synced_at").GetDateTimeOffset();
        var sold = (await platform.GetJsonAsync($"{admin}/orders.json?status=any&limit=250")).GetProperty("orders").EnumerateArray()
            .Where(order => order.GetProperty("created_at").GetDateTimeOffset() is var at && at >= began.AddDays(-30) && at <= began)
            .Sum(order => decimal.Parse(Market.Text(order, "current_total_price"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(sold, synced.GetProperty("monthly_revenue").GetDecimal());

        var analytics = await account.GetJsonAsync("/api/stores/analytics");
        foreach (var group in (string[])["sales_data", "conversion_rates", "customer_insights"]) Assert.True(analytics.TryGetProperty(group, out _), group);
        Assert.Equal(sold, Assert.Single(analytics.GetProperty("sales_data").EnumerateArray()).GetProperty("net").GetDecimal());
        foreach (var answer in new[] { store, synced, analytics, await account.GetJsonAsync("/api/stores/list") }) Assert.DoesNotContain(secret, answer.GetRawText(), StringComparison.Ordinal);

        await UpgradeAsync(account, "pro");
        await Market.PostAsync(account, "/api/stores/connect", new { platform = "gumroad", access_token = "gumroad-token" });
        await UsedAsync(account, "stores", 2, 5);
        using var gone = await account.DeleteAsync($"/api/stores/{Market.Text(store, "id")}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await UsedAsync(account, "stores", 1, 5);
    }

    [Fact]
    public async Task Ten_creates_at_once_on_free_make_five_products()
    {
        var (_, client) = await market.AccountAsync();
        using var account = client;
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Market.TryAsync(account, "/api/products/create", new { niche = "balcony gardens" })));
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Forbidden));
        Assert.Equal(5, (await account.GetAllAsync("/api/products/list")).Count);
        await UsedAsync(account, "products", 5, 5);
    }

    private static async Task<JsonElement> CreatedAsync(HttpClient account, string niche)
    {
        var (status, product) = await Market.TryAsync(account, "/api/products/create", new { niche });
        Assert.True(status == HttpStatusCode.Created, product.ToString());
        return product;
    }

    /// <summary>Waits until the account is told that it has used so many of so many. It looks more and more seldom: a free account may ask a hundred times an hour.</summary>
    private static async Task UsedAsync(HttpClient account, string item, long used, long limit)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        await Eventually.EqualAsync((used, limit), async () =>
        {
            var told = await UsageAsync(account, item);
            if (told != (used, limit)) await Task.Delay(pause *= 1.5);
            return told;
        });
    }

    /// <returns>How many are used, and how many are allowed.</returns>
    private static async Task<(long Used, long Limit)> UsageAsync(HttpClient account, string item)
    {
        var line = (await account.GetJsonAsync("/api/usage")).GetProperty("usage").EnumerateArray().Single(line => Market.Text(line, "item") == item);
        return (line.GetProperty("used").GetInt64(), line.GetProperty("limit").GetInt64());
    }

    /// <summary>As the operator does it; how a payment does it is told elsewhere.</summary>
    private async Task UpgradeAsync(HttpClient account, string tier)
    {
        var tenant = Market.Text(await account.GetJsonAsync("/api/v1/identity/me"), "tenant");
        using var lifted = await empire.OwnerClient.PatchAsJsonAsync($"/admin/tenants/{tenant}", new { tier });
        Assert.True(lifted.IsSuccessStatusCode, await lifted.Content.ReadAsStringAsync());
    }
}
