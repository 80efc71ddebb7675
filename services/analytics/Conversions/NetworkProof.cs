using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Analytics.Conversions;

/// <summary>Whether a postback comes from the network it names. Either the network signs it, <c>X-Network-Signature: hex HMAC-SHA256(secret, timestamp + "." + raw body)</c>
/// with <c>X-Network-Timestamp</c> in Unix seconds; or, where it can only send a fixed header, <c>X-Api-Key</c> is the secret itself.</summary>
public static class NetworkProof
{
    public const string SignatureHeader = "X-Network-Signature";
    public const string TimestampHeader = "X-Network-Timestamp";
    public const string KeyHeader = "X-Api-Key";

    /// <summary>How far the network's clock and ours may be apart, and how long a copied request is worth anything.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    /// <param name="signature">Where it is there it decides; a good key does not heal a bad signature.</param>
    /// <param name="body">As it came over the wire.</param>
    public static bool Holds(string secret, string? signature, string? timestamp, string? key, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (secret.Length == 0) return false;
        if (string.IsNullOrEmpty(signature)) return !string.IsNullOrEmpty(key) && Same(key, secret);
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds) return false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signature.Length != given.Length * 2 || Convert.FromHexString(signature, given, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        return CryptographicOperations.FixedTimeEquals(given, Sign(secret, timestamp!, body));
    }

    public static byte[] Sign(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    /// <summary>Of equal length first, so that the comparison tells nothing of the secret's.</summary>
    private static bool Same(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(a)), SHA256.HashData(Encoding.UTF8.GetBytes(b)));
}
