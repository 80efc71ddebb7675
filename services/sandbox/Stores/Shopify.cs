using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stores;

/// <summary>The part of Shopify's Admin REST API, version 2023-10, that publishing reads. The real one has a host for each shop; here it is the first part of the path.
/// Source: shopify.dev, Admin REST 2023-10: Shop, Product, Order, Abandoned checkouts, pagination by Link headers (read 2026-11).</summary>
public static class Shopify
{
    const int UsualPage = 50, LargestPage = 250;

    public static void MapShopify(this WebApplication app)
    {
        var admin = app.MapGroup("/shopify/{shop}/admin/api/2023-10");
        admin.MapGet("/shop.json", (string shop, HttpContext http) => Answer(shop, http, played => new
        {
            shop = new
            {
                id = played.Id, name = Title(shop), email = $"owner@{shop}.example", domain = $"{shop}.myshopify.com", myshopify_domain = $"{shop}.myshopify.com", currency = played.Currency, plan_name = "basic",
            }
        }));
        admin.MapGet("/products/count.json", (string shop, HttpContext http) => Answer(shop, http, played => new { count = played.Products.Count }));
        admin.MapGet("/products.json", (string shop, HttpContext http) => Page(shop, http, "products", played => [.. played.Products.Select(Show)]));
        admin.MapGet("/orders/count.json", (string shop, HttpContext http, TimeProvider clock) => Answer(shop, http, played => new { count = Since(http, played.Sales(clock.GetUtcNow())).Count() }));
        admin.MapGet("/orders.json", (string shop, HttpContext http, TimeProvider clock) =>
            Page(shop, http, "orders", played => [.. Since(http, played.Sales(clock.GetUtcNow())).Reverse().Select(sale => Show(played, sale))]));
        admin.MapGet("/checkouts/count.json", (string shop, HttpContext http, TimeProvider clock) =>
            Answer(shop, http, played => new { count = played.Abandoned(clock.GetUtcNow(), Time(http.Request.Query["created_at_min"]) ?? DateTimeOffset.MinValue) }));
    }

    static IResult Answer(string shop, HttpContext http, Func<PlayedShop, object> show) => Refuses(http) ?? Results.Json(show(new(shop)), SandboxSetup.Json);

    /// <summary>Pages follow one another by the Link header; what is asked with a page is asked with its token alone.</summary>
    static IResult Page(string shop, HttpContext http, string name, Func<PlayedShop, IReadOnlyList<JsonObject>> all)
    {
        if (Refuses(http) is { } refusal) return refusal;
        var query = http.Request.Query;
        var size = UsualPage;
        if (query["limit"].ToString() is { Length: > 0 } limit && !(int.TryParse(limit, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= LargestPage))
            return Results.Json(new { errors = new { limit = "must be between 1 and 250" } }, SandboxSetup.Json, statusCode: 400);
        var skip = 0;
        if (query["page_info"].ToString() is { Length: > 0 } token)
        {
            if (query.Keys.Any(key => key is not ("page_info" or "limit" or "fields"))) return Results.Json(new { errors = "page_info can be combined only with limit and fields" }, SandboxSetup.Json, statusCode: 400);
            var parts = Read(token).Split(' ', 2);
            if (parts.Length != 2 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out skip)) return Results.Json(new { errors = new { page_info = "Invalid value." } }, SandboxSetup.Json, statusCode: 400);
            http.Request.QueryString = new(parts[1]); // what the first page was asked for still holds
        }
        var rows = all(new(shop));
        if (skip + size < rows.Count)
            http.Response.Headers.Link = $"<{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}?limit={size}&page_info={Write($"{skip + size} {http.Request.QueryString}")}>; rel=\"next\"";
        return Results.Json(new JsonObject { [name] = new JsonArray([.. rows.Skip(skip).Take(size)]) }, SandboxSetup.Json);
    }

    static IResult? Refuses(HttpContext http)
    {
        http.Response.Headers["X-Shopify-Shop-Api-Call-Limit"] = "1/40";
        var token = http.Request.Headers["X-Shopify-Access-Token"].ToString();
        return token.Length > 0 && !token.Contains("invalid", StringComparison.OrdinalIgnoreCase)
            ? null
            : Results.Json(new { errors = "[API] Invalid API key or access token (unrecognized login or wrong password)" }, SandboxSetup.Json, statusCode: 401);
    }

    static IEnumerable<PlayedShop.Sale> Since(HttpContext http, IReadOnlyList<PlayedShop.Sale> sales) =>
        Time(http.Request.Query["created_at_min"]) is { } since ? sales.Where(sale => sale.At >= since) : sales;

    static JsonObject Show(PlayedShop.Item item) => new()
    {
        ["id"] = item.Id, ["title"] = item.Title, ["status"] = "active", ["product_type"] = "digital",
        ["variants"] = new JsonArray(new JsonObject { ["id"] = item.Id * 10 + 1, ["product_id"] = item.Id, ["price"] = Amount(item.Price), ["inventory_quantity"] = 0 }),
    };

    static JsonObject Show(PlayedShop shop, PlayedShop.Sale sale) => new()
    {
        ["id"] = sale.Id, ["name"] = $"#{sale.Id % 1_000_000}", ["created_at"] = sale.At.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), ["currency"] = shop.Currency,
        ["total_price"] = Amount(sale.Total), ["current_total_price"] = Amount(sale.Total - sale.Refunded), ["test"] = false, ["cancelled_at"] = null,
        ["financial_status"] = sale.Refunded == 0 ? "paid" : sale.Refunded == sale.Total ? "refunded" : "partially_refunded",
        ["customer"] = new JsonObject { ["id"] = shop.Id * 100 + sale.Customer, ["email"] = $"buyer{sale.Customer}@{shop.Name}.example" },
        ["line_items"] = new JsonArray(new JsonObject { ["product_id"] = sale.Item.Id, ["title"] = sale.Item.Title, ["quantity"] = sale.Quantity, ["price"] = Amount(sale.Item.Price) }),
        ["refunds"] = sale.Refunded == 0 ? new JsonArray() : new JsonArray(new JsonObject
        {
            ["id"] = sale.Id * 10, ["transactions"] = new JsonArray(new JsonObject { ["kind"] = "refund", ["status"] = "success", ["amount"] = Amount(sale.Refunded), ["currency"] = shop.Currency }),
        }),
    };

    static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    static string Title(string shop) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(shop.Replace('-', ' '));

    static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    static string Write(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    static string Read(string token)
    {
        try { return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token)); }
        catch (FormatException) { return ""; }
    }
}
