namespace Empire.Publishing.Products;

/// <summary>A digital product of the account's own, as it is to be offered.</summary>
public sealed class Product
{
    /// <summary>Above it a typing error is likelier than a price.</summary>
    public const int HighestPrice = 1_000_000;

    public const int LongestTitle = 200, LongestDescription = 10_000, MostFeatures = 20, MostKeywords = 20, LongestEntry = 200;

    public Guid Id { get; init; }
    public string? RequestKey { get; init; }
    public string UserId { get; init; } = "";
    public string Niche { get; init; } = "";
    public string ProductType { get; init; } = "";
    public string Title { get; private set; } = "";
    public string Description { get; private set; } = "";
    public long PriceMicros { get; private set; }
    public string Currency { get; init; } = "";
    public string[] Features { get; private set; } = [];
    public string SeoTitle { get; private set; } = "";
    public string MetaDescription { get; private set; } = "";
    public string Slug { get; private set; } = "";
    public string[] Keywords { get; private set; } = [];
    public Guid PieceId { get; init; }
    public string PromptVersion { get; init; } = "";
    public bool Test { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public Money Price => new(PriceMicros, Empire.Currency.Parse(Currency));

    /// <param name="requestKey">The client's; null where it gave none.</param>
    public static Product From(Listing listing, Money price, string niche, string user, string? requestKey, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        RequestKey = requestKey,
        UserId = user,
        Niche = niche,
        ProductType = listing.ProductType,
        Title = listing.Title,
        Description = listing.Description,
        PriceMicros = price.Micros,
        Currency = price.Currency.Code,
        Features = [.. listing.Features],
        SeoTitle = listing.Seo.Title,
        MetaDescription = listing.Seo.MetaDescription,
        Slug = listing.Seo.Slug,
        Keywords = [.. listing.Seo.Keywords],
        PieceId = listing.PieceId,
        PromptVersion = listing.PromptVersion,
        Test = listing.Test,
        CreatedAt = ToMicroseconds(now),
        UpdatedAt = ToMicroseconds(now),
    };

    /// <summary>What is null stays as it is.</summary>
    public void Change(
        string? title, string? description, Money? price, IReadOnlyList<string>? features, string? seoTitle, string? metaDescription, string? slug, IReadOnlyList<string>? keywords, DateTimeOffset now)
    {
        Title = title ?? Title;
        Description = description ?? Description;
        PriceMicros = price?.In(Price.Currency) ?? PriceMicros;
        Features = features is null ? Features : [.. features];
        SeoTitle = seoTitle ?? SeoTitle;
        MetaDescription = metaDescription ?? MetaDescription;
        Slug = slug ?? Slug;
        Keywords = keywords is null ? Keywords : [.. keywords];
        UpdatedAt = ToMicroseconds(now);
    }

    /// <summary>As the database keeps a time, so that an answer reads the same whether it was just made or read back.</summary>
    private static DateTimeOffset ToMicroseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
