using Empire.Publishing.Pieces;

namespace Empire.Publishing.Blog;

/// <summary>How a piece's links to its product become the one tracked link, whatever the writer put there: <c>product:UUID</c> or the merchant's own address.</summary>
/// <param name="Path"><c>/r/{code}</c>.</param>
public sealed record AffiliateLink(Guid ProductId, string ProductName, string MerchantUrl, string Path)
{
    /// <summary>Tells search engines that the link is paid. Source: Google Search Central, "Qualify your outbound links".</summary>
    public const string Rel = "sponsored nofollow";

    public static AffiliateLink? Of(Page page) => Of(page.Product, page.AffiliatePath);

    /// <param name="path">May be absolute, for a copy that is read elsewhere.</param>
    public static AffiliateLink? Of(ProductMention? product, string? path) =>
        product is null || path is null ? null : new(product.Id, product.Name, product.Url, path);

    public bool Leads(string? url) =>
        url is not null && (url.StartsWith("product:", StringComparison.OrdinalIgnoreCase)
            ? Guid.TryParse(url.AsSpan("product:".Length), out var id) && id == ProductId
            : SameHost(url));

    private bool SameHost(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var given) && Uri.TryCreate(MerchantUrl, UriKind.Absolute, out var merchant)
        && string.Equals(given.Authority, merchant.Authority, StringComparison.OrdinalIgnoreCase);
}
