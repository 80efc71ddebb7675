using System.Security.Cryptography;
using Empire.Security;

namespace Empire.Identity.Vault;

/// <summary>A value under a data key of its own, and that key under the installation's. Both are bound to the credential: moved to another row, neither opens.</summary>
/// <param name="WrappedKey">The data key, sealed by the installation's.</param>
/// <param name="SealedValue">The value, sealed by the data key.</param>
internal sealed record Envelope(string WrappedKey, string SealedValue)
{
    public static Envelope Seal(Sealer installation, Guid credential, string value)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return new(Wrap(installation, credential, key), new Sealer([key]).Seal(value, Purpose(credential)));
    }

    /// <exception cref="UnreadableSecretException">The installation's keys do not open it, or it was altered.</exception>
    public string Open(Sealer installation, Guid credential) => new Sealer([Unwrap(installation, credential)]).Open(SealedValue, Purpose(credential));

    /// <summary>What a credential's data key is wrapped for.</summary>
    public static string KeyPurpose(Guid credential) => $"vault-key:{credential:N}";

    private byte[] Unwrap(Sealer installation, Guid credential) => Convert.FromBase64String(installation.Open(WrappedKey, KeyPurpose(credential)));

    private static string Wrap(Sealer installation, Guid credential, byte[] key) => installation.Seal(Convert.ToBase64String(key), KeyPurpose(credential));

    private static string Purpose(Guid credential) => $"vault-value:{credential:N}";
}
