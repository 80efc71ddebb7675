using System.Globalization;

namespace Empire.Tiers;

/// <summary>Something of which a tier allows so many.</summary>
/// <param name="Name">As the API says it: products.</param>
public sealed record TierResource(string Name)
{
    private const long Megabyte = 1_000_000; // as the price list means it: 1000 of them are its gigabyte

    public static readonly TierResource Products = new("products"), Stores = new("stores"), Campaigns = new("campaigns");

    /// <summary>Counted in bytes.</summary>
    public static readonly TierResource Storage = new("storage_bytes");

    public static IReadOnlyList<TierResource> All { get; } = [Products, Stores, Campaigns, Storage];

    /// <returns>In the unit it is counted in; null is without limit.</returns>
    public long? LimitOf(TierLimits limits) =>
        this == Products ? limits.Products
        : this == Stores ? limits.Stores
        : this == Campaigns ? limits.Campaigns
        : this == Storage ? limits.StorageMegabytes * Megabyte
        : throw new InvalidOperationException($"The tier table has no limit of {Name}.");

    internal string Describe(long limit) => this == Storage
        ? string.Create(CultureInfo.InvariantCulture, $"{limit / Megabyte} MB of storage")
        : string.Create(CultureInfo.InvariantCulture, $"{limit} {(limit == 1 ? Name.TrimEnd('s') : Name)}");
}
