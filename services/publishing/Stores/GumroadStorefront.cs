using System.Net.Http.Headers;
using Empire.Http;

namespace Empire.Publishing.Stores;

/// <summary>Section "Providers:Gumroad", with the version in the address: <c>https://api.gumroad.com/v2</c>.</summary>
public sealed class GumroadOptions : ProviderOptions;

/// <summary>The part of Gumroad's API v2 that stores are read by. Source: gumroad.com/api (read 2026-11). Sales are in US cents whatever the buyer paid in. How much of a sale was given back in part it does not
/// tell: such a sale counts as whole.</summary>
public sealed class GumroadStorefront(HttpClient http, [FromKeyedServices(GumroadStorefront.Provider)] GumroadOptions options) : IStorefront
{
    public const string Provider = "Gumroad";

    public string Platform => "gumroad";
    public bool Sandbox => options.Sandbox;

    public string? AddressOf(string? storeUrl) =>
        string.IsNullOrWhiteSpace(storeUrl) ? null
        : Uri.TryCreate(storeUrl.Trim(), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address.AbsoluteUri.TrimEnd('/')
        : throw new InvalidFieldException("store_url", "wanted: an https address, or none: Gumroad tells its own.");

    public async Task<StoreIdentity> IdentifyAsync(string? address, string token, CancellationToken ct)
    {
        var user = (await GetAsync<UserAnswer>("user", token, ct)).User;
        return new(user.UserId, user.Name ?? "Gumroad", address ?? user.Url, Currency.Usd);
    }

    public async Task<StoreFigures> FetchAsync(string? address, string token, DateTimeOffset since, DateTimeOffset month, CancellationToken ct)
    {
        var products = (await GetAsync<ProductsAnswer>("products", token, ct)).Products.Count;
        List<StoreOrder> orders = [];
        var query = $"sales?after={since.UtcDateTime:yyyy-MM-dd}"; // a day, of which it gives all
        string? page = "";
        for (var pages = 0; page is not null; pages++)
        {
            if (pages == StorefrontHttp.MostPages) throw StorefrontHttp.TooMany(Platform);
            var answer = await GetAsync<SalesAnswer>(page.Length == 0 ? query : $"{query}&page_key={Uri.EscapeDataString(page)}", token, ct);
            orders.AddRange(answer.Sales.Where(sale => sale.CreatedAt >= since && sale.Price > 0).Select(Of));
            page = answer.NextPageKey is { Length: > 0 } next ? next : null;
        }
        return new(products, orders, null);
    }

    private async Task<T> GetAsync<T>(string path, string token, CancellationToken ct) where T : class =>
        (await http.GetAsync<T>(Platform, new(http.BaseAddress!, path), request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token), ct)).Body;

    private static StoreOrder Of(Sale sale)
    {
        var paid = Money.FromMinor(sale.Price, Currency.Usd);
        return new(sale.Id, sale.CreatedAt.ToUniversalTime(), paid, sale.Refunded || sale.Chargedback ? paid : Money.Zero(Currency.Usd), sale.PurchaserId ?? sale.Email?.Trim().ToLowerInvariant());
    }

    private sealed record UserAnswer(User User);
    private sealed record User(string UserId, string? Name = null, string? Url = null);
    private sealed record ProductsAnswer(IReadOnlyList<Product> Products);
    private sealed record Product(string Id);
    private sealed record SalesAnswer(IReadOnlyList<Sale> Sales, string? NextPageKey = null);
    private sealed record Sale(string Id, DateTimeOffset CreatedAt, long Price, string? PurchaserId = null, string? Email = null, bool Refunded = false, bool Chargedback = false);
}
