using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Security;

/// <summary>Encrypts secrets that must rest in a row, an event or a queue: AES-256-GCM under the installation's newest key, bound to a purpose. Every key that the
/// configuration still lists opens what it once sealed, so a rotation leaves old values readable.</summary>
/// <param name="keys">Newest first, 32 bytes each.</param>
public sealed class Sealer(IReadOnlyList<byte[]> keys)
{
    private const string Version = "s1";
    private const int NonceBytes = 12, TagBytes = 16;

    private readonly Dictionary<string, byte[]> byId = keys.ToDictionary(IdOf);

    /// <summary>The key that seals now: the first 8 hex digits of its SHA-256.</summary>
    public string KeyId { get; } = IdOf(keys[0]);

    /// <param name="purpose">What the secret is, as <c>vault:stripe</c>; only the same purpose opens it, so a value moved to another row stays shut.</param>
    /// <returns><c>s1.{key id}.{base64url of nonce, tag and cipher text}</c>; different each time.</returns>
    public string Seal(string secret, string purpose)
    {
        var clear = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + TagBytes + clear.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(byId[KeyId], TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), clear, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return $"{Version}.{KeyId}.{Base64Url.EncodeToString(box)}";
    }

    /// <exception cref="UnreadableSecretException">Not sealed by a listed key, for another purpose, or altered. Fails closed: there is no clear-text reading.</exception>
    public string Open(string sealedText, string purpose)
    {
        if (sealedText.Split('.') is not [Version, var id, var text]) throw new UnreadableSecretException("The value was never sealed.");
        if (!byId.TryGetValue(id, out var key)) throw new UnreadableSecretException($"The value is sealed by key {id}, which Empire:EncryptionKeys does not list.");
        try
        {
            var box = Base64Url.DecodeFromChars(text);
            if (box.Length < NonceBytes + TagBytes) throw new UnreadableSecretException("The sealed value is damaged.");
            var clear = new byte[box.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), clear, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(clear);
        }
        catch (Exception e) when (e is FormatException or AuthenticationTagMismatchException)
        {
            throw new UnreadableSecretException("The sealed value is damaged, or was sealed for something else.", e);
        }
    }

    /// <summary>The keys that open: all that the configuration lists.</summary>
    public string[] KeyIds => [.. byId.Keys];

    /// <summary>Whether the configuration lists the key of this <see cref="KeyId"/>.</summary>
    public bool Lists(string keyId) => byId.ContainsKey(keyId);

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key))[..8];
}
