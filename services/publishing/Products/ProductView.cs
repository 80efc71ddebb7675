namespace Empire.Publishing.Products;

/// <summary>A product as the API shows it.</summary>
/// <param name="UserId">Who had it made.</param>
/// <param name="ProductType">course, coaching, template, guide or tool.</param>
/// <param name="Features">What the buyer gets, one thing each.</param>
/// <param name="PieceId">The piece in content's catalogue that it was made from, with its cost.</param>
/// <param name="Test">Made against the sandbox.</param>
/// <example>{"id": "prod_0199f3a2c4d57e08a1b2c3d4e5f60718", "user_id": "user:0199f3a2b1c47d06", "niche": "home coffee", "product_type": "guide", "title": "The Home Coffee Handbook: What to Check First",
/// "description": "A guide to home coffee of about 60 pages that answers the questions people ask before they spend money.", "price": 12.00, "currency": "USD", "features": ["A checklist before buying", "A chapter on care and upkeep",
/// "Ordinary prices and sizes in one table"], "seo": {"title": "Home coffee: a guide in plain words", "meta_description": "Home coffee in plain words: a guide with examples, checklists and clear limits.", "slug": "the-home-coffee-handbook",
/// "keywords": ["home coffee guide", "home coffee for beginners", "home coffee costs", "home coffee checklist", "learn home coffee"]}, "piece_id": "piece_0199f3a2c4aa7d11a1b2c3d4e5f60718", "prompt_version": "listing@1", "test": true,
/// "created_at": "2026-11-21T10:00:00Z", "updated_at": "2026-11-21T10:00:00Z"}</example>
public sealed record ProductView(
    string Id, string UserId, string Niche, string ProductType, string Title, string Description, decimal Price, Currency Currency, IReadOnlyList<string> Features, ProductSeo Seo, string PieceId,
    string PromptVersion, bool Test, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string Prefix = "prod";

    public static ProductView Of(Product product) => new(
        PublicId.Format(Prefix, product.Id), product.UserId, product.Niche, product.ProductType, product.Title, product.Description, product.Price.Amount, product.Price.Currency, product.Features,
        new(product.SeoTitle, product.MetaDescription, product.Slug, product.Keywords), PublicId.Format("piece", product.PieceId), product.PromptVersion, product.Test, product.CreatedAt, product.UpdatedAt);
}

/// <summary>What search engines are shown of a product.</summary>
/// <param name="Slug">The end of the page's address: lower-case words with hyphens.</param>
public sealed record ProductSeo(string Title, string MetaDescription, string Slug, IReadOnlyList<string> Keywords);
