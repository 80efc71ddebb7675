using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>The client's address in the form of <see cref="ClientAddress.Header"/>: <c>address|unix seconds|signature</c>.</summary>
    public string SignAddress(IPAddress address)
    {
        var claim = $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}|{clock.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds()}";
        return $"{claim}|{Base64Url.EncodeToString(HMACSHA256.HashData(key, AddressBytes(claim)))}";
    }

    /// <returns>Null when the claim is malformed, forged or expired.</returns>
    public IPAddress? VerifyAddress(string? text)
    {
        if (text?.Split('|') is not [var address, var expires, var signature] || !TryDecode(signature, out var signed)) return null;
        if (!CryptographicOperations.FixedTimeEquals(signed, HMACSHA256.HashData(key, AddressBytes($"{address}|{expires}")))) return null;
        return long.TryParse(expires, out var until) && clock.GetUtcNow().ToUnixTimeSeconds() <= until && IPAddress.TryParse(address, out var value) ? value : null;
    }

    /// <summary>Under a name of its own, so that no signature of one kind passes for the other.</summary>
    private static byte[] AddressBytes(string claim) => Encoding.UTF8.GetBytes("client-address\n" + claim);

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return false;
        Array.Resize(ref bytes, written);
        return true;
    }

    private sealed record Payload(Guid Tenant, string Actor, string Role, bool Operator, string? Tier, long Expires);
}
