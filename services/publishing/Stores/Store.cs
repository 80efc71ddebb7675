namespace Empire.Publishing.Stores;

/// <summary>A connected store as its row has it.</summary>
public sealed record Store
{
    /// <summary>Days that "monthly" means, everywhere.</summary>
    public static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>How far back orders are copied: as far as Shopify shows them to every app. Who bought twice is told by these.</summary>
    public static readonly TimeSpan Known = TimeSpan.FromDays(60);

    public required Guid Id { get; init; }
    public required string UserId { get; init; }
    public required string Platform { get; init; }
    public required string PlatformId { get; init; }
    public required string StoreName { get; init; }
    public string? StoreUrl { get; init; }
    public required string ApiCredentials { get; init; }
    public required string Currency { get; init; }
    public long MonthlyRevenueMicros { get; init; }
    public int TotalProducts { get; init; }
    public int? AbandonedCheckouts { get; init; }
    public int? CompletedCheckouts { get; init; }
    public bool IsActive { get; init; }
    public string? Failure { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset? SyncedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset SetAt { get; init; }
}

/// <summary>A store as the API shows it; its credentials are in no answer.</summary>
/// <param name="UserId">Who connected it.</param>
/// <param name="Platform">shopify, gumroad or stripe.</param>
/// <param name="MonthlyRevenue">Of the 30 days before the last sync, less refunds, in the store's own currency.</param>
/// <param name="IsActive">False once the platform no longer takes the credentials: connect the store again with new ones.</param>
/// <param name="Failure">Why the last sync failed; null when it went well.</param>
/// <param name="Test">An emulator plays the platform.</param>
/// <param name="SyncedAt">When the last good sync began; null before the first.</param>
/// <param name="TokenSetAt">Since when it is read by this token. Connected again with the same one, it stays.</param>
/// <example>{"id": "store_0199f3a2c4d57e08a1b2c3d4e5f60718", "user_id": "user:0199f3a2b1c47d06", "store_name": "Grind And Brew", "platform": "shopify", "store_url": "https://grind-and-brew.myshopify.com",
/// "monthly_revenue": 1240.50, "currency": "USD", "total_products": 11, "is_active": true, "failure": null, "test": true, "synced_at": "2026-11-21T10:00:00Z", "created_at": "2026-11-20T09:00:00Z", "token_set_at": "2026-11-20T09:00:00Z"}</example>
public sealed record StoreView(
    string Id, string UserId, string StoreName, string Platform, string? StoreUrl, decimal MonthlyRevenue, Currency Currency, int TotalProducts, bool IsActive, string? Failure, bool Test,
    DateTimeOffset? SyncedAt, DateTimeOffset CreatedAt, DateTimeOffset TokenSetAt)
{
    public const string Prefix = "store";

    public static StoreView Of(Store store)
    {
        var currency = Empire.Currency.Parse(store.Currency);
        return new(
            PublicId.Format(Prefix, store.Id), store.UserId, store.StoreName, store.Platform, store.StoreUrl, new Money(store.MonthlyRevenueMicros, currency).Amount, currency, store.TotalProducts, store.IsActive,
            store.Failure, store.Test, store.SyncedAt, store.CreatedAt, store.SetAt);
    }
}
