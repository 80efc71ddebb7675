using System.Security.Cryptography;
using System.Text;

namespace Empire.Sandbox.X;

/// <summary>The account behind a bearer token. Any non-empty token is an account; the same token is always the same one.</summary>
public sealed record XUser(string Id, string Name, string Username)
{
    public static XUser? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header["Bearer ".Length..].Trim() is not { Length: > 0 } token) return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        var id = 1_000_000_000_000_000_000L + (BitConverter.ToInt64(hash) & 0x07FF_FFFF_FFFF_FFFF);
        var tail = Convert.ToHexStringLower(hash.AsSpan(8, 3));
        return new($"{id}", $"Sandbox account {tail}", $"sandbox_{tail}");
    }
}
