using System.Net;
using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Identity.Sessions;

/// <summary>From where, and with what, a person has signed in before.</summary>
internal static class SignInPlaces
{
    /// <returns>True when they have signed in before, but never from there with that program. Their very first place is not news to them.</returns>
    public static async Task<bool> NoteAsync(Work work, Guid user, string? address, string? agent, DateTimeOffset now, CancellationToken ct)
    {
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes($"{NetworkOf(address)}\n{agent}"));
        return await work.QuerySingleAsync<bool>(
            """
            with known as (select count(*) as places from sign_in_places where user_id = @user),
            noted as (
              insert into sign_in_places (user_id, fingerprint, first_seen_at, last_seen_at) values (@user, @fingerprint, @now, @now)
              on conflict (user_id, fingerprint) do update set last_seen_at = @now
              returning first_seen_at = @now and xmax = 0 as new)
            select known.places > 0 and noted.new from known, noted
            """, new { user, fingerprint, now }, ct);
    }

    /// <summary>A line with IPv6 changes its last 64 bits every day; it is the same line.</summary>
    private static string? NetworkOf(string? address) =>
        IPAddress.TryParse(address, out var ip) && ip is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 }
            ? Convert.ToHexStringLower(ip.GetAddressBytes().AsSpan(0, 8)) : address;
}
