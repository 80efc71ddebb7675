using System.Globalization;

namespace Empire.Sandbox.Networks;

/// <summary>Harbor publishes its catalogue page by page as JSON, behind a key and a limit of calls.</summary>
public static class HarborProducts
{
    const int DefaultPageSize = 50, MaxPageSize = 100;

    public static IResult List(HttpContext http, Catalogue catalogue, HarborLimit limit)
    {
        if (!HasKey(http.Request)) return Error(401, "unauthorized", "Send your key as: Authorization: Bearer <key>.");
        if (!limit.Admit(http)) return Error(429, "rate_limited", "Too many requests; see the header Retry-After.");
        if (Number(http.Request, "page", 1) is not (>= 1 and var page)) return Error(400, "invalid_parameter", "page: a whole number from 1.", "page");
        if (Number(http.Request, "per_page", DefaultPageSize) is not (>= 1 and <= MaxPageSize and var size)) return Error(400, "invalid_parameter", $"per_page: a whole number from 1 to {MaxPageSize}.", "per_page");

        var all = catalogue.Of(Network.Harbor);
        var pages = (all.Count + size - 1) / size;
        var home = $"{http.Request.Scheme}://{http.Request.Host}";
        return Results.Json(new
        {
            data = all.Skip((page - 1) * size).Take(size).Select(p => Show(p, home)),
            page = new { number = page, per_page = size, total_pages = pages, total_items = all.Count },
            links = new { next = page < pages ? $"{home}/networks/harbor/v1/products?page={page + 1}&per_page={size}" : null },
        }, SandboxSetup.JsonWithNulls);
    }

    static object Show(Product p, string home) => new
    {
        sku = p.Id,
        title = p.Name,
        brand = p.Brand,
        vertical = p.Niche,
        category = p.Category,
        description = p.Description,
        bullets = p.Features,
        price = new { amount = MeadowDatafeed.Amount(p.Price), currency = Product.Currency },
        commission = new { type = "percent", rate = MeadowDatafeed.Amount(p.CommissionRate), amount = MeadowDatafeed.Amount(p.Commission) },
        reviews = new { average = p.Rating, count = p.ReviewCount },
        inventory = p.Stock,
        stats = new { conversion_rate = p.ConversionRate, trend_score = p.TrendScore },
        image_url = home + p.ImagePath,
        landing_url = home + p.ShopPath,
    };

    internal static bool HasKey(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header.Length > "Bearer ".Length;

    internal static IResult Error(int status, string code, string message, string? field = null) =>
        Results.Json(new { error = new { code, message, field } }, SandboxSetup.Json, statusCode: status);

    /// <returns>Null when present and not a number.</returns>
    static int? Number(HttpRequest request, string name, int whenAbsent) =>
        request.Query[name].ToString() is not { Length: > 0 } text ? whenAbsent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>Harbor's limit: 120 calls in a minute, told by X-RateLimit headers (Reset in seconds from now).</summary>
public sealed class HarborLimit(TimeProvider clock)
{
    const int Limit = 120;
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    readonly Lock gate = new();
    DateTimeOffset start;
    int used;

    public bool Admit(HttpContext http)
    {
        int now, left;
        lock (gate)
        {
            if (clock.GetUtcNow() - start >= Window) (start, used) = (clock.GetUtcNow(), 0);
            now = ++used;
            left = (int)Math.Ceiling((start + Window - clock.GetUtcNow()).TotalSeconds);
        }
        http.Response.Headers["X-RateLimit-Limit"] = $"{Limit}";
        http.Response.Headers["X-RateLimit-Remaining"] = $"{Math.Max(0, Limit - now)}";
        http.Response.Headers["X-RateLimit-Reset"] = $"{left}";
        if (now > Limit) http.Response.Headers.RetryAfter = $"{left}";
        return now <= Limit;
    }
}
