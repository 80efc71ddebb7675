using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Identity.Invites;

/// <summary>What an invited person brings: 16 random bytes, URL-safe, 22 characters. Shown once, kept as a hash.</summary>
public static class InviteCode
{
    public const int PrefixLength = 4;

    public static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <returns>32 characters: the first 24 bytes of the SHA-256. With 128 random bits in the code there is nothing to guess, so no slow hash is needed.</returns>
    public static string Hash(string code) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(code)).AsSpan(0, 24));
}
