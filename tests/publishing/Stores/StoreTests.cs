using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Publishing.Stores;
using Empire.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stores;

public sealed class StoreTests(StoresApp app) : IClassFixture<StoresApp>
{
    private const string Token = "shpat_secret_of_the_owner";

    [Theory]
    [InlineData("shopify", "https://grind-and-brew.myshopify.com", "Grind And Brew", "https://grind-and-brew.myshopify.com")]
    [InlineData("gumroad", null, "Seller", "gumroad.com")]
    [InlineData("stripe", null, "Stripe", null)]
    public async Task A_store_is_connected_under_the_name_and_address_that_the_platform_tells(string platform, string? url, string name, string? address)
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var (status, store) = await PostAsync(client, "/api/stores/connect", new { platform, access_token = Token, store_url = url });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.StartsWith("store_", Text(store, "id"), StringComparison.Ordinal);
        Assert.StartsWith(name, Text(store, "store_name"), StringComparison.Ordinal);
        if (address is not null) Assert.Contains(address, Text(store, "store_url"), StringComparison.Ordinal);
        Assert.Equal((platform, 0m, 0, true, true), (Text(store, "platform"), store["monthly_revenue"]!.GetValue<decimal>(), store["total_products"]!.GetValue<int>(), store["is_active"]!.GetValue<bool>(), store["test"]!.GetValue<bool>()));
        Assert.Equal(Text(store, "id"), Text(Assert.Single(await ListAsync(client)), "id"));
        using var stranger = app.ClientOf(NewTenant());
        Assert.Empty(await ListAsync(stranger));
        var kept = await app.ReadAsync<string>("select to_jsonb(s)::text from product_stores s where tenant_id = @tenant", new { tenant = tenant.Value });
        Assert.DoesNotContain(Token, kept, StringComparison.Ordinal);
        Assert.StartsWith("s1.", JsonNode.Parse(kept!)!["api_credentials"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    public static TheoryData<object, string> Wrong => new()
    {
        { new { platform = "shopify", access_token = "an-invalid-token", store_url = "https://a.myshopify.com" }, "access_token" },
        { new { platform = "gumroad", access_token = "an-invalid-token" }, "access_token" },
        { new { platform = "stripe", access_token = "sk_test_invalid" }, "access_token" },
        { new { platform = "gumroad", access_token = "a token with spaces" }, "access_token" },
        { new { platform = "gumroad", access_token = "" }, "access_token" },
        { new { platform = "myspace", access_token = Token }, "platform" },
        { new { platform = "shopify", access_token = Token }, "store_url" },
        { new { platform = "shopify", access_token = Token, store_url = "https://evil.example" }, "store_url" },
        { new { platform = "shopify", access_token = Token, store_url = "https://a.myshopify.com.evil.example" }, "store_url" },
        { new { platform = "shopify", access_token = Token, store_url = "http://a.myshopify.com" }, "store_url" },
        { new { platform = "shopify", access_token = Token, store_url = "https://evil.example/a.myshopify.com" }, "store_url" },
        { new { platform = "gumroad", access_token = Token, store_url = "no address" }, "store_url" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task What_cannot_be_connected_is_refused_by_field_and_takes_no_place(object body, string field)
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var (status, refusal) = await PostAsync(client, "/api/stores/connect", body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, Assert.Single(refusal["errors"]!.AsObject()).Key));
        Assert.Equal((0, null), await CountedAsync(tenant));
    }

    [Fact]
    public async Task A_sync_fills_products_and_revenue_as_the_platform_has_them()
    {
        using var client = app.ClientOf(NewTenant());
        var store = await ConnectedAsync(client, "shopify", "https://paper-lamps.myshopify.com");
        var (status, synced) = await PostAsync(client, "/api/stores/sync", new { store_id = Text(store, "id") });
        Assert.Equal((HttpStatusCode.OK, 1), (status, synced["synced"]!.GetValue<int>()));
        var now = Assert.Single(synced["data"]!.AsArray())!.AsObject();

        const string admin = "shopify/paper-lamps/admin/api/2023-10";
        Assert.Equal((await app.OnPlatformAsync($"{admin}/products/count.json", Token))["count"]!.GetValue<int>(), now["total_products"]!.GetValue<int>());
        var began = Time(now, "synced_at");
        var sold = (await app.OnPlatformAsync($"{admin}/orders.json?limit=250&status=any", Token))["orders"]!.AsArray()
            .Where(order => Time(order!.AsObject(), "created_at") is var at && at >= began.AddDays(-30) && at <= began).Sum(order => decimal.Parse(Text(order!.AsObject(), "current_total_price"), CultureInfo.InvariantCulture));
        Assert.True(sold > 0);
        Assert.Equal(sold, now["monthly_revenue"]!.GetValue<decimal>());
        Assert.Equal(now.ToJsonString(), Assert.Single(await ListAsync(client)).ToJsonString());
        Assert.DoesNotContain(Token, synced.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_of_sales_is_fetched_once_and_a_second_sync_counts_nothing_twice()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        await ConnectedAsync(client, "gumroad", null);
        var first = (await SyncedAsync(client))["monthly_revenue"]!.GetValue<decimal>();
        var orders = await app.ReadAsync<int>("select count(*)::int from store_orders where tenant_id = @tenant", new { tenant = tenant.Value });
        Assert.True(orders > 20, $"{orders} orders are no three pages");
        var second = await SyncedAsync(client);
        Assert.InRange(await app.ReadAsync<int>("select count(*)::int from store_orders where tenant_id = @tenant", new { tenant = tenant.Value }), orders, orders + 1);
        Assert.InRange(second["monthly_revenue"]!.GetValue<decimal>(), first - 200, first + 200); // a minute may have passed between the two, not a month
        Assert.Equal(0, await app.ReadAsync<int>("select count(*)::int from store_orders where tenant_id = @tenant and customer like '%@%'", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task Analytics_has_its_three_groups_and_they_agree_with_one_another()
    {
        using var client = app.ClientOf(NewTenant(), "professional");
        var shop = await ConnectedAsync(client, "shopify", "https://blue-kettles.myshopify.com");
        await ConnectedAsync(client, "gumroad", null);
        await PostAsync(client, "/api/stores/sync", new { });
        var all = await GetAsync(client, "/api/stores/analytics");
        var sales = Assert.Single(all["sales_data"]!.AsArray())!;
        Assert.True(sales["orders"]!.GetValue<long>() > 0);
        Assert.Equal(sales["net"]!.GetValue<decimal>(), sales["gross"]!.GetValue<decimal>() - sales["refunds"]!.GetValue<decimal>());
        Assert.Equal(sales["net"]!.GetValue<decimal>(), (await ListAsync(client)).Sum(store => store["monthly_revenue"]!.GetValue<decimal>()));
        var rates = all["conversion_rates"]!.AsArray().ToDictionary(rate => Text(rate!.AsObject(), "store_id"), rate => rate!.AsObject());
        Assert.Equal(2, rates.Count);
        var known = rates[Text(shop, "id")];
        Assert.True(known["known"]!.GetValue<bool>());
        Assert.Equal(Math.Round((decimal)known["completed"]!.GetValue<int>() / known["checkouts"]!.GetValue<int>(), 4), known["rate"]!.GetValue<decimal>());
        var unknown = rates.Values.Single(rate => rate != known);
        Assert.Equal((false, null), (unknown["known"]!.GetValue<bool>(), unknown["rate"]));
        var insights = all["customer_insights"]!;
        Assert.True(insights["customers"]!.GetValue<long>() > 0);
        Assert.InRange(insights["returning_customers"]!.GetValue<long>(), 1, insights["customers"]!.GetValue<long>());
        var one = await GetAsync(client, $"/api/stores/analytics?store_id={Text(shop, "id")}");
        Assert.True(one["sales_data"]![0]!["orders"]!.GetValue<long>() < sales["orders"]!.GetValue<long>());
        Assert.Equal(one["sales_data"]![0]!["orders"]!.GetValue<int>(), one["conversion_rates"]![0]!["completed"]!.GetValue<int>());
        using var stranger = app.ClientOf(NewTenant());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/stores/analytics?store_id={Text(shop, "id")}")).StatusCode);
        var nothing = await GetAsync(stranger, "/api/stores/analytics");
        Assert.Equal((0, 0, 0), (nothing["sales_data"]!.AsArray().Count, nothing["conversion_rates"]!.AsArray().Count, nothing["customer_insights"]!["customers"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_sale_at_stripe_is_in_the_next_sync()
    {
        using var client = app.ClientOf(NewTenant());
        await ConnectedAsync(client, "stripe", null);
        var before = (await SyncedAsync(client))["monthly_revenue"]!.GetValue<decimal>();
        await app.BoughtAtStripeAsync(1234);
        Assert.Equal(before + 12.34m, (await SyncedAsync(client))["monthly_revenue"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task The_second_store_on_free_is_refused_with_the_limit_a_larger_tier_takes_it_and_a_disconnected_one_gives_its_place_back()
    {
        var tenant = NewTenant();
        using var free = app.ClientOf(tenant);
        var first = await ConnectedAsync(free, "shopify", "https://first.myshopify.com");
        var (status, refusal) = await PostAsync(free, "/api/stores/connect", new { platform = "gumroad", access_token = Token });
        Assert.Equal((HttpStatusCode.Forbidden, "TIER_LIMIT_EXCEEDED"), (status, Text(refusal, "code")));
        Assert.Contains("1 store", Text(refusal, "detail"), StringComparison.Ordinal);
        Assert.Equal((1, 1), await CountedAsync(tenant));
        using var professional = app.ClientOf(tenant, "professional");
        await ConnectedAsync(professional, "gumroad", null);
        Assert.Equal((2, 2), await CountedAsync(tenant));
        await SyncedAsync(professional, 2);
        for (var i = 0; i < 2; i++)
        {
            using var gone = await free.DeleteAsync($"/api/stores/{Text(first, "id")}");
            Assert.Equal(i == 0 ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, gone.StatusCode);
        }
        Assert.Equal((1, 1), await CountedAsync(tenant));
        Assert.Equal(0, await app.ReadAsync<int>("select count(*)::int from store_orders o where tenant_id = @tenant and not exists (select from product_stores s where s.id = o.store_id and s.platform = 'gumroad')", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task Of_several_connects_at_once_on_free_one_store_is_there()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => client.PostAsJsonAsync("/api/stores/connect", new { platform = "shopify", access_token = Token, store_url = $"https://race-{i % 3}.myshopify.com" })));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Forbidden }));
        Assert.Equal((1, 1), await CountedAsync(tenant));
    }

    [Fact]
    public async Task A_store_whose_token_the_platform_no_longer_takes_is_inactive_until_it_is_connected_anew()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        var store = await ConnectedAsync(client, "shopify", "https://revoked.myshopify.com");
        await app.ArmAsync(new { match = new { provider = "shopify", path_contains = "/revoked/" }, kind = "500", count = 100 });
        var (away, refusal) = await PostAsync(client, "/api/stores/sync", new { });
        await app.DisarmAsync();
        Assert.Equal((HttpStatusCode.BadGateway, "PLATFORM_UNREACHABLE"), (away, Text(refusal, "code")));
        Assert.True(Assert.Single(await ListAsync(client))["is_active"]!.GetValue<bool>());

        await ReplaceTokenAsync(tenant, Guid.Parse(Text(store, "id")["store_".Length..]), "an-invalid-token");
        var (revoked, words) = await PostAsync(client, "/api/stores/sync", new { });
        Assert.Equal((HttpStatusCode.Conflict, "STORE_NOT_CONNECTED"), (revoked, Text(words, "code")));
        var inactive = Assert.Single(await ListAsync(client));
        Assert.Equal((false, false), (inactive["is_active"]!.GetValue<bool>(), inactive["failure"] is null));

        var (status, again) = await PostAsync(client, "/api/stores/connect", new { platform = "shopify", access_token = Token, store_url = "revoked.myshopify.com", store_name = "Back" });
        Assert.Equal((HttpStatusCode.OK, Text(store, "id"), "Back", true), (status, Text(again, "id"), Text(again, "store_name"), again["is_active"]!.GetValue<bool>()));
        await SyncedAsync(client);
        Assert.Equal((1, 1), await CountedAsync(tenant));
    }

    [Fact]
    public async Task A_shop_that_fails_again_and_again_keeps_nobody_from_another_shop()
    {
        using var client = app.ClientOf(NewTenant());
        await app.ArmAsync(new { match = new { provider = "shopify", path_contains = "/ailing/" }, kind = "500", count = 100 });
        for (var i = 0; i < 5; i++)
        {
            var (status, _) = await PostAsync(client, "/api/stores/connect", new { platform = "shopify", access_token = Token, store_url = "https://ailing.myshopify.com" });
            Assert.Equal(HttpStatusCode.BadGateway, status);
        }
        await app.DisarmAsync();
        await ConnectedAsync(client, "shopify", "https://hale.myshopify.com");
    }

    [Fact]
    public async Task A_platform_that_is_away_connects_nothing_and_half_an_answer_is_none()
    {
        var tenant = NewTenant();
        using var client = app.ClientOf(tenant);
        foreach (var kind in (string[])["malformed", "cut_before"])
        {
            await app.ArmAsync(new { match = new { provider = "shopify", path_contains = "/halves/" }, kind, count = 100 });
            var (status, refusal) = await PostAsync(client, "/api/stores/connect", new { platform = "shopify", access_token = Token, store_url = "https://halves.myshopify.com" });
            await app.DisarmAsync();
            Assert.Equal((HttpStatusCode.BadGateway, "PLATFORM_UNREACHABLE"), (status, Text(refusal, "code")));
        }
        Assert.Equal((0, null), await CountedAsync(tenant));
    }

    private static TenantId NewTenant() => TenantId.New(TimeProvider.System.GetUtcNow());

    private static string Text(JsonObject row, string name) => row[name]!.GetValue<string>();

    private static DateTimeOffset Time(JsonObject row, string name) => DateTimeOffset.Parse(Text(row, name), CultureInfo.InvariantCulture);

    private static async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    private static async Task<JsonObject> ConnectedAsync(HttpClient client, string platform, string? url)
    {
        var (status, store) = await PostAsync(client, "/api/stores/connect", new { platform, access_token = Token, store_url = url });
        Assert.True(status == HttpStatusCode.Created, store.ToJsonString());
        return store;
    }

    /// <returns>The first of the stores, as it is then.</returns>
    private static async Task<JsonObject> SyncedAsync(HttpClient client, int stores = 1)
    {
        var (status, synced) = await PostAsync(client, "/api/stores/sync", new { });
        Assert.True(status == HttpStatusCode.OK && synced["synced"]!.GetValue<int>() == stores, synced.ToJsonString());
        return synced["data"]![0]!.AsObject();
    }

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(HttpClient client) => [.. (await GetAsync(client, "/api/stores/list"))["data"]!.AsArray().Select(store => store!.AsObject())];

    private static async Task<JsonObject> GetAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonObject>(path))!;

    /// <returns>The rows there are, and the places taken; null before the first.</returns>
    private async Task<(int Rows, int? Taken)> CountedAsync(TenantId tenant) => await app.ReadAsync<(int, int?)>(
        "select (select count(*)::int from product_stores where tenant_id = @tenant), (select used::int from kernel.tenant_resources where tenant_id = @tenant and resource = 'stores')", new { tenant = tenant.Value });

    /// <summary>As if the token had been revoked on the platform since.</summary>
    private async Task ReplaceTokenAsync(TenantId tenant, Guid store, string token)
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        var sealer = app.Services.GetRequiredService<Sealer>();
        var row = (await StoreTable.FindAsync(work, store, default))!;
        var secret = StoreSecret.Open(sealer, row.ApiCredentials, store) with { AccessToken = token };
        await StoreTable.RenewAsync(work, store, row.StoreName, row.StoreUrl, secret.Seal(sealer, store), null, default);
        await work.CommitAsync(default);
    }
}
