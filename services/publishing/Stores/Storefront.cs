namespace Empire.Publishing.Stores;

/// <summary>A platform on which an account runs its own store: who the credentials belong to, and what was sold there. Reads only.</summary>
public interface IStorefront
{
    /// <summary>shopify, gumroad or stripe.</summary>
    string Platform { get; }

    /// <summary>True where an emulator answers.</summary>
    bool Sandbox { get; }

    /// <summary>The store's address from what the owner wrote; null where the platform needs none and none was given.</summary>
    /// <exception cref="Http.InvalidFieldException">The platform needs one, or it is none of its addresses.</exception>
    string? AddressOf(string? storeUrl);

    /// <exception cref="StorefrontException">The platform refused the token, or did not answer.</exception>
    Task<StoreIdentity> IdentifyAsync(string? address, string token, CancellationToken ct);

    /// <param name="since">Orders before it are not looked at.</param>
    /// <param name="month">From when checkouts are counted.</param>
    /// <exception cref="StorefrontException">The platform refused the token, or did not answer.</exception>
    Task<StoreFigures> FetchAsync(string? address, string token, DateTimeOffset since, DateTimeOffset month, CancellationToken ct);
}

/// <param name="Id">The platform's own, the same whatever token asks.</param>
/// <param name="Currency">The store's own; what it sells in others is told apart.</param>
public sealed record StoreIdentity(string Id, string Name, string? Url, Currency Currency);

/// <param name="Checkouts">Null where the platform does not tell how many were begun.</param>
public sealed record StoreFigures(int Products, IReadOnlyList<StoreOrder> Orders, StoreCheckouts? Checkouts);

public sealed record StoreCheckouts(int Abandoned, int Completed);

/// <param name="Paid">Before refunds.</param>
/// <param name="Refunded">In the same currency; at most what was paid.</param>
/// <param name="Customer">The platform's name for the buyer; null where it has none. Never stored as it is.</param>
public sealed record StoreOrder(string Id, DateTimeOffset PlacedAt, Money Paid, Money Refunded, string? Customer);

/// <param name="refused">True when the platform does not take the token; false when it could not be asked.</param>
public sealed class StorefrontException(bool refused, string words, Exception? inner = null) : Exception(words, inner)
{
    public bool Refused { get; } = refused;
}
