using System.Security.Cryptography;

namespace Empire.Security;

/// <summary>No listed key opens a sealed value: its key was taken out of <c>Empire:EncryptionKeys</c> too early, or the value was altered. Its message names the key and no secret.
/// An endpoint that has nothing better to say answers 503 <c>SECRET_UNREADABLE</c>.</summary>
public sealed class UnreadableSecretException(string message, Exception? inner = null) : CryptographicException(message, inner);
