using Empire.Contracts.V1;

namespace Empire.Autopilot.Catalogue;

/// <summary>A row of the catalogue.</summary>
public sealed record Product
{
    public Guid Id { get; init; }
    public string Network { get; init; } = "";
    public string ExternalId { get; init; } = "";
    public string Name { get; init; } = "";
    public string Brand { get; init; } = "";
    public string Niche { get; init; } = "";
    public long PriceMicros { get; init; }
    public Currency Currency { get; init; }
    public string Url { get; init; } = "";
    public string? ImageUrl { get; init; }
    public string Description { get; init; } = "";
    public string[] Features { get; init; } = [];
    public decimal? Rating { get; init; }
    public int ReviewCount { get; init; }
    public decimal CommissionRate { get; init; }
    public decimal? ConversionRate { get; init; }
    public decimal? Trend { get; init; }
    public decimal? Competition { get; init; }

    public Contracts.V1.Product ToContract() => new()
    {
        Id = Id.ToString(),
        Name = Name,
        Brand = Brand,
        Niche = Niche,
        Network = Network,
        Price = new Amount { Micros = PriceMicros, Currency = Currency.Code },
        Description = Description,
        Features = { Features },
        Rating = (double)(Rating ?? 0),
        ReviewCount = ReviewCount,
        Url = Url,
        ImageUrl = ImageUrl ?? "",
    };
}
