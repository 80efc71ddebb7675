using Empire.Data;
using Empire.Identity.Tokens;

namespace Empire.Identity.Sessions;

/// <summary>The session that a signed-in person's request came by: the one that the access token hangs on, or of the cookie. Where both come the token counts, as at the gateway.</summary>
public sealed class ThisSession(AccessTokens tokens)
{
    private const string Bearer = "Bearer ";

    /// <summary>Never "done" to somebody whose session it was not: they would believe it over.</summary>
    internal static Refusal Needed { get; } = new("session-needed", "This is done by the browser that holds the session; sessions elsewhere are ended one by one in their list.");

    /// <returns>Null when the request came by neither.</returns>
    internal async Task<Session?> FindAsync(Work work, HttpContext context, Guid user, CancellationToken ct)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return await FindOfBrowserAsync(work, context, user, ct);
        var session = tokens.Verify(header[Bearer.Length..].Trim()) is { } id ? await SessionTable.FindAsync(work, id, ct) : null;
        return session?.UserId == user ? session : null;
    }

    /// <summary>For what outlives a token of minutes: somebody who found one must not make more of it.</summary>
    /// <returns>Null when the request came by no cookie.</returns>
    internal static async Task<Session?> FindOfBrowserAsync(Work work, HttpContext context, Guid user, CancellationToken ct)
    {
        var session = SessionCookie.Of(context) is { } token ? await SessionTable.FindAsync(work, SessionToken.Hash(token), ct) : null;
        return session?.UserId == user ? session : null;
    }
}
