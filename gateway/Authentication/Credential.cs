using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Empire.Contracts.V1;
using Empire.Gateway.Routing;

namespace Empire.Gateway.Authentication;

internal enum CredentialKind { ApiKey, AccessToken, Session }

/// <summary>What a request shows to say who it is.</summary>
internal readonly record struct Credential(CredentialKind Kind, string Secret)
{
    public const string KeyHeader = "X-Api-Key";
    public const string SessionCookie = "__Host-empire-session";

    /// <summary>A header wins over the cookie, so that a program that names its key is never asked for an antiforgery token.</summary>
    public static Credential? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            var secret = authorization["Bearer ".Length..].Trim();
            return new(secret.AsSpan().Count('.') == 2 ? CredentialKind.AccessToken : CredentialKind.ApiKey, secret);   // a JWT has three parts, a key no dot
        }
        if (request.Headers[KeyHeader].ToString() is { Length: > 0 } key) return new(CredentialKind.ApiKey, key);
        return SessionOf(request) is { Length: > 0 } session ? new(CredentialKind.Session, session) : null;
    }

    /// <summary>Under which an answer is remembered: no secret in clear stays longer than its request. The first half of the SHA-256 by which identity announces a revoked key.</summary>
    public UInt128 Fingerprint()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetByteCount(Secret);
        Span<byte> bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(Secret, bytes);
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public AuthenticateRequest ToRequest(string address) => Kind switch
    {
        CredentialKind.ApiKey => new() { ApiKey = Secret, Address = address },
        CredentialKind.AccessToken => new() { AccessToken = Secret, Address = address },
        _ => new() { Session = Secret, Address = address },
    };

    /// <summary>Credentials end here: the service behind gets a signed caller. Identity alone sees the session cookie or the access token by which the caller came, whose session it has to end or
    /// to keep, and the pages of web the cookie, to ask on; nothing else of what the request carries, so that both mean the same session.</summary>
    /// <param name="shown">What the caller was known by; null where nobody looked.</param>
    public static void Strip(HttpRequest request, ServiceRoute route, CredentialKind? shown)
    {
        var own = route.Service switch
        {
            "identity" => shown,
            "web" => CredentialKind.Session,
            _ => (CredentialKind?)null,
        };
        request.Headers.Remove(KeyHeader);
        if (own is not CredentialKind.AccessToken) request.Headers.Authorization = default;
        if (request.Headers.Cookie.Count == 0) return;
        var session = own is CredentialKind.Session ? SessionOf(request) : null;
        var kept = CookiesOf(request).Where(pair => !pair.Contains(SessionCookie, StringComparison.OrdinalIgnoreCase));   // however it is written: another parser may know it
        if (session is not null) kept = kept.Append($"{SessionCookie}={session}");
        request.Headers.Cookie = string.Join("; ", kept) is { Length: > 0 } rest ? rest : default(Microsoft.Extensions.Primitives.StringValues);
    }

    /// <summary>Its name counts to the letter, and the first one alone: a browser lets nobody else set a cookie of the prefix __Host-, but may know the prefix in these letters only.</summary>
    private static string? SessionOf(HttpRequest request) =>
        CookiesOf(request).FirstOrDefault(pair => pair.StartsWith(SessionCookie + "=", StringComparison.Ordinal))?[(SessionCookie.Length + 1)..];

    private static IEnumerable<string> CookiesOf(HttpRequest request) =>
        request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
