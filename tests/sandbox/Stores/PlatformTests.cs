using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Empire.Sandbox.Tests.Stores;

public sealed partial class PlatformTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    const string Shop = "/shopify/grind-and-brew/admin/api/2023-10";

    [Fact]
    public async Task A_shop_has_products_and_orders_and_tells_the_same_again()
    {
        using var shopify = Shopify();
        var shop = await GetAsync(shopify, $"{Shop}/shop.json");
        Assert.Equal(("Grind And Brew", "USD", "grind-and-brew.myshopify.com"), ($"{shop["shop"]!["name"]}", $"{shop["shop"]!["currency"]}", $"{shop["shop"]!["myshopify_domain"]}"));
        var products = (await GetAsync(shopify, $"{Shop}/products.json"))["products"]!.AsArray();
        Assert.Equal((await GetAsync(shopify, $"{Shop}/products/count.json"))["count"]!.GetValue<int>(), products.Count);
        Assert.Equal(products.ToJsonString(), (await GetAsync(shopify, $"{Shop}/products.json"))["products"]!.ToJsonString());
        Assert.NotEqual(products.ToJsonString(), (await GetAsync(shopify, "/shopify/another/admin/api/2023-10/products.json"))["products"]!.ToJsonString());
        var order = (await GetAsync(shopify, $"{Shop}/orders.json?status=any&limit=1"))["orders"]![0]!;
        Assert.Matches(@"^\d+\.\d\d$", $"{order["total_price"]}");
        Assert.Contains(products, product => $"{product!["id"]}" == $"{order["line_items"]![0]!["product_id"]}");
    }

    [Fact]
    public async Task Pages_follow_one_another_by_link_and_hold_every_order_once()
    {
        using var shopify = Shopify();
        var all = (await GetAsync(shopify, $"{Shop}/orders.json?status=any&limit=250"))["orders"]!.AsArray().Select(order => $"{order!["id"]}").ToList();
        Assert.True(all.Count > 50);
        var seen = new List<string>();
        for (var next = $"{Shop}/orders.json?status=any&limit=50"; next is not null;)
        {
            using var answer = await shopify.GetAsync(next);
            seen.AddRange((await answer.Content.ReadFromJsonAsync<JsonObject>())!["orders"]!.AsArray().Select(order => $"{order!["id"]}"));
            next = answer.Headers.TryGetValues("Link", out var links) && Next().Match(links.Single()) is { Success: true } link ? link.Groups[1].Value : null;
        }
        Assert.Equal(all, seen);
        Assert.Equal(all.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task What_was_given_back_agrees_with_the_state_of_the_order()
    {
        using var shopify = Shopify();
        var orders = new List<JsonNode?>();
        foreach (var shop in (string[])["one", "two", "three", "four"]) orders.AddRange((await GetAsync(shopify, $"/shopify/{shop}/admin/api/2023-10/orders.json?limit=250"))["orders"]!.AsArray());
        Assert.Contains(orders, order => $"{order!["financial_status"]}" == "refunded");
        Assert.All(orders, order =>
        {
            decimal total = decimal.Parse($"{order!["total_price"]}"), left = decimal.Parse($"{order["current_total_price"]}");
            var back = order["refunds"]!.AsArray().Sum(refund => decimal.Parse($"{refund!["transactions"]![0]!["amount"]}"));
            Assert.Equal(total - left, back);
            Assert.Equal(back == 0 ? "paid" : back == total ? "refunded" : "partially_refunded", $"{order["financial_status"]}");
        });
    }

    [Fact]
    public async Task Gumroad_tells_a_seller_their_products_and_sales_page_by_page()
    {
        using var gumroad = app.Client("seller-one");
        Assert.True((await GetAsync(gumroad, "/gumroad/v2/user"))["success"]!.GetValue<bool>());
        Assert.NotEmpty((await GetAsync(gumroad, "/gumroad/v2/products"))["products"]!.AsArray());
        var seen = new List<string>();
        for (var page = ""; ;)
        {
            var sales = await GetAsync(gumroad, $"/gumroad/v2/sales?after=2020-01-01{page}");
            Assert.InRange(sales["sales"]!.AsArray().Count, 1, 10);
            seen.AddRange(sales["sales"]!.AsArray().Select(sale => $"{sale!["id"]}"));
            if (sales["next_page_key"] is not { } key) break;
            page = $"&page_key={key}";
        }
        Assert.True(seen.Count > 20 && seen.Distinct().Count() == seen.Count);
        using var other = app.Client("seller-two");
        Assert.NotEqual($"{(await GetAsync(gumroad, "/gumroad/v2/user"))["user"]!["user_id"]}", $"{(await GetAsync(other, "/gumroad/v2/user"))["user"]!["user_id"]}");
    }

    [Fact]
    public async Task A_bad_token_is_refused_and_a_fault_hits_the_platform_it_was_armed_for()
    {
        using var refused = app.Client("an-invalid-token");
        refused.DefaultRequestHeaders.Add("X-Shopify-Access-Token", "an-invalid-token");
        foreach (var path in (string[])[$"{Shop}/shop.json", "/gumroad/v2/user"]) Assert.Equal(HttpStatusCode.Unauthorized, (await refused.GetAsync(path)).StatusCode);
        using var nobody = app.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync($"{Shop}/shop.json")).StatusCode);
        await app.ArmAsync(new { match = new { provider = "shopify", path_contains = "/faulty/" }, kind = "429", retry_after_s = 7 });
        using var shopify = Shopify();
        using var slow = await shopify.GetAsync("/shopify/faulty/admin/api/2023-10/shop.json");
        Assert.Equal((HttpStatusCode.TooManyRequests, 7), (slow.StatusCode, slow.Headers.RetryAfter!.Delta!.Value.Seconds));
        Assert.Equal(HttpStatusCode.OK, (await shopify.GetAsync("/shopify/faulty/admin/api/2023-10/shop.json")).StatusCode);
    }

    HttpClient Shopify()
    {
        var client = app.Client(null);
        client.DefaultRequestHeaders.Add("X-Shopify-Access-Token", "shpat_any");
        return client;
    }

    static async Task<JsonObject> GetAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonObject>(path))!;

    [GeneratedRegex("<([^>]+)>; rel=\"next\"")] private static partial Regex Next();
}
