using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Empire.Security;

namespace Empire.Publishing.Stores;

/// <summary>What is sealed with a store: the token by which it is read, and the key under which its buyers are hashed.</summary>
/// <param name="CustomerKey">32 random bytes, base64. It is the store's for as long as it is connected: another would make strangers of its buyers.</param>
public sealed record StoreSecret(string AccessToken, string CustomerKey)
{
    private const int KeyBytes = 32, HashBytes = 16;

    public static StoreSecret New(string accessToken) => new(accessToken, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));

    public string Seal(Sealer sealer, Guid store) => sealer.Seal(JsonSerializer.Serialize(this), PurposeOf(store));

    /// <exception cref="UnreadableSecretException">No listed key opens it, or it is another store's, or altered.</exception>
    public static StoreSecret Open(Sealer sealer, string sealedText, Guid store) => JsonSerializer.Deserialize<StoreSecret>(sealer.Open(sealedText, PurposeOf(store)))!;

    /// <summary>The same for the same buyer of this store; nothing leads back from it without the key.</summary>
    public string? HashOf(string? customer) =>
        customer is null ? null : Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromBase64String(CustomerKey), Encoding.UTF8.GetBytes(customer)).AsSpan(0, HashBytes));

    /// <summary>What the owner of a store is told whose credentials no key opens.</summary>
    public const string Unreadable = "This installation no longer has the key that the store's credentials are sealed by.";

    public static string PurposeOf(Guid store) => $"store:{store:N}";
}
