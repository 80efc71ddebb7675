using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stores;

/// <summary>The part of Gumroad's API v2 that publishing reads. A token is a seller. Source: gumroad.com/api (read 2026-11): prices of sales are in US cents, pages follow by <c>page_key</c>.</summary>
public static class Gumroad
{
    const int PageSize = 10;

    public static void MapGumroad(this WebApplication app)
    {
        var api = app.MapGroup("/gumroad/v2");
        api.MapGet("/user", (HttpContext http) => Answer(http, shop => new()
        {
            ["user"] = new JsonObject
            {
                ["user_id"] = Number(shop.Id), ["name"] = $"Seller {shop.Id % 10_000}", ["url"] = $"https://seller{shop.Id % 10_000}.gumroad.com", ["email"] = $"seller{shop.Id % 10_000}@gumroad.example", ["bio"] = null, ["twitter_handle"] = null,
            }
        }));
        api.MapGet("/products", (HttpContext http) => Answer(http, shop => new()
        {
            ["products"] = new JsonArray([.. shop.Products.Select(item => (JsonNode)new JsonObject
        {
            ["id"] = Number(item.Id), ["name"] = item.Title, ["price"] = Cents(item.Price), ["currency"] = "usd", ["published"] = true, ["short_url"] = $"https://seller{shop.Id % 10_000}.gumroad.com/l/{item.Id % 100_000}",
        })])
        }));
        api.MapGet("/sales", (HttpContext http, TimeProvider clock) => Answer(http, shop => Sales(http.Request.Query, shop, clock.GetUtcNow())));
    }

    static JsonObject Sales(IQueryCollection query, PlayedShop shop, DateTimeOffset now)
    {
        var after = DateTimeOffset.TryParse(query["after"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day : DateTimeOffset.MinValue;
        var skip = int.TryParse(query["page_key"], CultureInfo.InvariantCulture, out var from) && from > 0 ? from : 0;
        var sales = shop.Sales(now).Where(sale => sale.At >= after).Reverse().ToList();
        var answer = new JsonObject
        {
            ["sales"] = new JsonArray([.. sales.Skip(skip).Take(PageSize).Select(sale => (JsonNode)new JsonObject
            {
                ["id"] = Number(sale.Id), ["email"] = $"buyer{sale.Customer}@gumroad.example", ["seller_id"] = Number(shop.Id), ["created_at"] = sale.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["product_id"] = Number(sale.Item.Id), ["product_name"] = sale.Item.Title, ["price"] = Cents(sale.Total), ["quantity"] = sale.Quantity,
                ["purchaser_id"] = sale.Customer % 4 == 0 ? null : $"{shop.Id}{sale.Customer}", // one in four buys without an account
                ["refunded"] = sale.Refunded == sale.Total, ["partially_refunded"] = sale.Refunded > 0 && sale.Refunded < sale.Total, ["chargedback"] = false,
            })]),
        };
        if (skip + PageSize < sales.Count)
        {
            var next = (skip + PageSize).ToString(CultureInfo.InvariantCulture);
            answer["next_page_key"] = next;
            answer["next_page_url"] = $"/v2/sales?page_key={next}&after={query["after"]}";
        }
        return answer;
    }

    static IResult Answer(HttpContext http, Func<PlayedShop, JsonObject> show)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : http.Request.Query["access_token"].ToString();
        if (token.Length == 0 || token.Contains("invalid", StringComparison.OrdinalIgnoreCase))
            return Results.Json(new { success = false, message = "The access token is not valid." }, SandboxSetup.Json, statusCode: 401);
        var answer = show(new($"gumroad {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..12]}"));
        answer["success"] = true;
        return Results.Json(answer, SandboxSetup.JsonWithNulls);
    }

    static long Cents(decimal amount) => (long)(amount * 100);

    static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
