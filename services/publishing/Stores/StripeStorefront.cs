using System.Net.Http.Headers;
using Empire.Http;

namespace Empire.Publishing.Stores;

/// <summary>Section "Providers:StripeStore": Stripe's address, without a key of our own: each store brings its own.</summary>
public sealed class StripeStoreOptions : ProviderOptions;

/// <summary>The part of Stripe's API, version 2023-08-16, that a store of payment links and checkouts is read by. Source: Stripe's API description of that version.</summary>
public sealed class StripeStorefront(HttpClient http, [FromKeyedServices(StripeStorefront.Provider)] StripeStoreOptions options) : IStorefront
{
    public const string Provider = "StripeStore";

    private const string Version = "2023-08-16";
    private const int PageSize = 100;

    public string Platform => "stripe";
    public bool Sandbox => options.Sandbox;

    public string? AddressOf(string? storeUrl) =>
        string.IsNullOrWhiteSpace(storeUrl) ? null
        : Uri.TryCreate(storeUrl.Trim(), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address.AbsoluteUri.TrimEnd('/')
        : throw new InvalidFieldException("store_url", "wanted: an https address, or none.");

    public async Task<StoreIdentity> IdentifyAsync(string? address, string token, CancellationToken ct)
    {
        var account = await GetAsync<Account>("v1/account", token, ct);
        return new(account.Id, account.BusinessProfile?.Name ?? "Stripe", address ?? account.BusinessProfile?.Url,
            Currency.TryParse(account.DefaultCurrency, out var currency) ? currency : throw new StorefrontException(false, $"{Platform} names the currency '{account.DefaultCurrency}'."));
    }

    public async Task<StoreFigures> FetchAsync(string? address, string token, DateTimeOffset since, DateTimeOffset month, CancellationToken ct)
    {
        var products = await AllAsync<Named>("v1/products?active=true", token, _ => true, ct);
        var charges = await AllAsync<Charge>($"v1/charges?created[gte]={since.ToUnixTimeSeconds()}", token, _ => true, ct);
        var sessions = await AllAsync<Session>("v1/checkout/sessions", token, session => session.Created >= month.ToUnixTimeSeconds(), ct); // newest first; this version cannot ask from a time on
        return new(products.Count, [.. charges.Where(charge => charge is { Status: "succeeded", Paid: true }).Select(Of).OfType<StoreOrder>()],
            new(sessions.Count(session => session.Status == "expired"), sessions.Count(session => session.Status == "complete")));
    }

    /// <param name="wanted">The first that is not ends the list.</param>
    private async Task<List<T>> AllAsync<T>(string path, string token, Func<T, bool> wanted, CancellationToken ct) where T : Named
    {
        List<T> all = [];
        for (var page = 0; page < StorefrontHttp.MostPages; page++)
        {
            var address = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={PageSize}{(all.Count > 0 ? $"&starting_after={all[^1].Id}" : "")}";
            var list = await GetAsync<PageOf<T>>(address, token, ct);
            var taken = list.Data.TakeWhile(wanted).ToList();
            all.AddRange(taken);
            if (!list.HasMore || taken.Count < list.Data.Count) return all;
        }
        throw StorefrontHttp.TooMany(Platform);
    }

    private async Task<T> GetAsync<T>(string path, string token, CancellationToken ct) where T : class =>
        (await http.GetAsync<T>(Platform, new(http.BaseAddress!, path), request =>
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("Stripe-Version", Version);
        }, ct)).Body;

    /// <returns>Null for a currency that is none: Stripe tests some of its own.</returns>
    private static StoreOrder? Of(Charge charge) => Currency.TryParse(charge.Currency, out var currency)
        ? new(charge.Id, DateTimeOffset.FromUnixTimeSeconds(charge.Created), Money.FromMinor(charge.Amount, currency), Money.FromMinor(Math.Min(charge.AmountRefunded, charge.Amount), currency), charge.Customer)
        : null;

    private record Named(string Id);
    private sealed record PageOf<T>(IReadOnlyList<T> Data, bool HasMore);
    private sealed record Account(string Id, string? DefaultCurrency = null, Profile? BusinessProfile = null);
    private sealed record Profile(string? Name = null, string? Url = null);
    private sealed record Charge(string Id, long Created, long Amount, long AmountRefunded, string Currency, string Status, bool Paid, string? Customer = null) : Named(Id);
    private sealed record Session(string Id, long Created, string? Status = null) : Named(Id);
}
