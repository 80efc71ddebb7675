using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Empire.Configuration;

namespace Empire.Identity.Tokens;

/// <summary>Signed tokens (JWT, RFC 7519) for programs that act for a person: short-lived, and good only while their session is. One algorithm, HS256; the header is
/// compared, not interpreted, so there is no other to be talked into.</summary>
/// <param name="key">At least 32 bytes.</param>
public sealed class AccessTokens(byte[] key, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string Issuer = "empire";
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public (string Token, DateTimeOffset ExpiresAt) Issue(Guid session, Guid user, TenantId tenant)
    {
        var now = clock.GetUtcNow();
        var claims = new Claims(Issuer, PublicId.Format("usr", user), tenant.ToString(), session.ToString("N"), now.ToUnixTimeSeconds(), now.Add(Lifetime).ToUnixTimeSeconds());
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, Json))}";
        return ($"{signed}.{Base64Url.EncodeToString(Sign(signed))}", DateTimeOffset.FromUnixTimeSeconds(claims.Exp));
    }

    /// <returns>The session it hangs on, still to be checked; null when the token is malformed, signed by another key or otherwise, altered or expired.</returns>
    public Guid? Verify(string? token) =>
        Read(token) is { } claims && clock.GetUtcNow().ToUnixTimeSeconds() < claims.Exp && Guid.TryParseExact(claims.Sid, "N", out var session) ? session : null;

    /// <returns>The session that a token of ours hangs on, good still or over; null when it is none of ours. For whoever was let in by it before and looks at the session now.</returns>
    public Guid? SessionOf(string? token) => Read(token) is { } claims && Guid.TryParseExact(claims.Sid, "N", out var session) ? session : null;

    /// <summary>Whether we issued it, good still or over: whoever shows it has guessed nothing.</summary>
    public bool IsOurs(string? token) => Read(token) is not null;

    private Claims? Read(string? token)
    {
        if (token is not { Length: <= 2000 } || token.Split('.') is not [var header, var body, var signature] || header != Header) return null;
        if (Decode(signature) is not { } given || !CryptographicOperations.FixedTimeEquals(given, Sign($"{header}.{body}"))) return null;
        // Signed by us, so what it says is what we wrote.
        return Decode(body) is { } bytes && JsonSerializer.Deserialize<Claims>(bytes, Json) is { Iss: Issuer } claims ? claims : null;
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private byte[] Sign(string text) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text));

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }

    private sealed record Claims(string Iss, string Sub, string Tenant, string Sid, long Iat, long Exp);
}

public static class AccessTokensExtensions
{
    private const string Setting = "JWT_SECRET_KEY";

    /// <summary>The key is <c>JWT_SECRET_KEY</c>; where none is set, one derived from the installation's internal key, so that all replicas have the same.</summary>
    public static void AddAccessTokens(this WebApplicationBuilder builder)
    {
        builder.CheckSetting(Setting, "at least 32 characters, or nothing", text => string.IsNullOrEmpty(text) || text.Length >= 32);
        builder.Services.AddSingleton(services =>
        {
            var configuration = services.GetRequiredService<IConfiguration>();
            var key = configuration[Setting] is { Length: > 0 } own ? SHA256.HashData(Encoding.UTF8.GetBytes(own))
                : HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromBase64String(configuration["Empire:InternalKey"]!), 32, info: "identity access tokens"u8.ToArray());
            return new AccessTokens(key, services.GetRequiredService<TimeProvider>());
        });
    }
}
