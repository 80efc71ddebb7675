using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Identity.Sessions;

/// <summary>The value of the session cookie: 256 random bits. Only its hash is kept.</summary>
public static class SessionToken
{
    private const int Length = 43; // 32 bytes in base64url

    public static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static bool IsWellFormed(string? token) => token?.Length == Length && Base64Url.IsValid(token);

    /// <returns>SHA-256, 32 bytes.</returns>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>What a page of this session must repeat in an unsafe request. The session's own secret is the key: no other session's token fits,
    /// and from the token nobody comes back to the cookie.</summary>
    public static string AntiforgeryOf(string token) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "antiforgery"u8));
}
