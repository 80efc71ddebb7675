using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Empire.Http;

/// <summary>The signed, short-lived form in which a caller's identity crosses from the gateway to a service and between services:
/// <c>base64url(json).base64url(hmac-sha256)</c>. A service never believes a bare header.</summary>
public sealed class CallerToken(byte[] key, TimeProvider clock)
{
    public const string Header = "X-Empire-Caller";

    /// <summary>Long enough for a slow call and its retries, too short to be worth stealing.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    public string Sign(Caller caller)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Payload(caller.Tenant.Value, caller.Actor, caller.Role, caller.Operator, caller.Tier, clock.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds()));
        return $"{Base64Url.EncodeToString(body)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, body))}";
    }

    /// <returns>Null when the token is malformed, forged or expired.</returns>
    public Caller? Verify(string? token)
    {
        var dot = token?.IndexOf('.') ?? -1;
        if (dot <= 0 || !TryDecode(token.AsSpan(0, dot), out var body) || !TryDecode(token.AsSpan(dot + 1), out var signature)) return null;
        if (!CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(key, body))) return null;
        var payload = JsonSerializer.Deserialize<Payload>(body);
        return payload is null || clock.GetUtcNow().ToUnixTimeSeconds() > payload.Expires ? null : new(new(payload.Tenant), payload.Actor, payload.Role, payload.Operator, payload.Tier);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return false;
        Array.Resize(ref bytes, written);
        return true;
    }

    private sealed record Payload(Guid Tenant, string Actor, string Role, bool Operator, string? Tier, long Expires);
}
