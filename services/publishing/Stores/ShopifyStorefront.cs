using System.Text.RegularExpressions;
using Empire.Http;

namespace Empire.Publishing.Stores;

/// <summary>Section "Providers:Shopify". The base address is the domain of which every shop is a part, <c>https://myshopify.com</c>; an emulator has the shop as its first segment.</summary>
public sealed class ShopifyOptions : ProviderOptions;

/// <summary>The part of Shopify's Admin REST API, version 2023-10, that stores are read by. Source: shopify.dev (read 2026-11).</summary>
public sealed partial class ShopifyStorefront(HttpClient http, [FromKeyedServices(ShopifyStorefront.Provider)] ShopifyOptions options) : IStorefront
{
    public const string Provider = "Shopify";

    private const string Version = "2023-10", Domain = ".myshopify.com";
    private const int PageSize = 250;

    public string Platform => "shopify";
    public bool Sandbox => options.Sandbox;

    /// <returns>The shop's address at Shopify; nothing else is ever asked with its token.</returns>
    public string AddressOf(string? storeUrl)
    {
        var text = storeUrl?.Trim() ?? "";
        var host = Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}", UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address.Host : "";
        return ShopHost().IsMatch(host) ? $"https://{host}" : throw new InvalidFieldException("store_url", $"wanted: the shop's address at Shopify, as in https://my-shop{Domain}.");
    }

    public async Task<StoreIdentity> IdentifyAsync(string? address, string token, CancellationToken ct)
    {
        var shop = (await GetAsync<ShopAnswer>(address!, "shop.json", token, ct)).Body.Shop;
        return new($"{shop.Id}", shop.Name, address, Currency.TryParse(shop.Currency, out var currency) ? currency : throw new StorefrontException(false, $"{Platform} names the currency '{shop.Currency}'."));
    }

    public async Task<StoreFigures> FetchAsync(string? address, string token, DateTimeOffset since, DateTimeOffset month, CancellationToken ct)
    {
        var products = (await GetAsync<CountAnswer>(address!, "products/count.json", token, ct)).Body.Count;
        List<StoreOrder> orders = [];
        var next = $"orders.json?status=any&limit={PageSize}&created_at_min={Time(since)}";
        for (var page = 0; next is not null; page++)
        {
            if (page == StorefrontHttp.MostPages) throw StorefrontHttp.TooMany(Platform);
            var (answer, link) = await GetAsync<OrdersAnswer>(address!, next, token, ct);
            orders.AddRange(answer.Orders.Where(order => !order.Test && order.FinancialStatus is "paid" or "partially_paid" or "partially_refunded" or "refunded").Select(Of));
            next = link is null ? null : $"orders.json?limit={PageSize}&page_info={link}";
        }
        var abandoned = (await GetAsync<CountAnswer>(address!, $"checkouts/count.json?created_at_min={Time(month)}", token, ct)).Body.Count;
        return new(products, orders, new(abandoned, orders.Count(order => order.PlacedAt >= month)));
    }

    /// <returns>The body, and the token of the next page; null on the last.</returns>
    private async Task<(T Body, string? NextPage)> GetAsync<T>(string address, string path, string token, CancellationToken ct) where T : class
    {
        var shop = new Uri(address).Host[..^Domain.Length];
        var root = options.Sandbox ? new Uri(http.BaseAddress!, $"{shop}/") : new UriBuilder(http.BaseAddress!) { Host = $"{shop}.{http.BaseAddress!.Host}" }.Uri;
        var (body, link) = await http.GetAsync<T>(Platform, new(root, $"admin/api/{Version}/{path}"), request =>
        {
            request.Headers.Add("X-Shopify-Access-Token", token);
            request.Options.Set(ProviderCircuit.Of, shop); // one account's shop that fails is no reason to ask no other
        }, ct);
        var next = link is null ? Match.Empty : NextPage().Match(link);
        return (body, next.Success ? next.Groups[1].Value : null);
    }

    private static StoreOrder Of(Order order)
    {
        var currency = Currency.Parse(order.Currency);
        var refunded = order.Refunds?.SelectMany(refund => refund.Transactions ?? []).Where(transaction => transaction is { Kind: "refund", Status: "success" }).Sum(transaction => transaction.Amount) ?? 0;
        return new($"{order.Id}", order.CreatedAt.ToUniversalTime(), Money.Of(order.TotalPrice, currency), Money.Of(Math.Min(refunded, order.TotalPrice), currency), order.Customer is { } customer ? $"{customer.Id}" : null);
    }

    private static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com$", RegexOptions.IgnoreCase)]
    private static partial Regex ShopHost();

    [GeneratedRegex("""page_info=([^&>]+)[^>]*>; *rel="?next"?""")]
    private static partial Regex NextPage();

    private sealed record ShopAnswer(Shop Shop);
    private sealed record Shop(long Id, string Name, string Currency);
    private sealed record CountAnswer(int Count);
    private sealed record OrdersAnswer(IReadOnlyList<Order> Orders);
    private sealed record Order(long Id, DateTimeOffset CreatedAt, string Currency, decimal TotalPrice, string? FinancialStatus = null, bool Test = false, Customer? Customer = null, IReadOnlyList<Refund>? Refunds = null);
    private sealed record Customer(long Id);
    private sealed record Refund(IReadOnlyList<Transaction>? Transactions = null);
    private sealed record Transaction(string Kind, string Status, decimal Amount);
}
