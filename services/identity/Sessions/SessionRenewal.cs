using Empire.Data;

namespace Empire.Identity.Sessions;

/// <summary>After a change of what opens an account: this session goes on under a new id, all others of the person end.</summary>
public sealed class SessionRenewal(ThisSession current, SessionIssuer issuer)
{
    /// <returns>The new session's token, for <see cref="Show"/> once the work has committed; null where the request did not come by a cookie: then its own session
    /// stays as it is.</returns>
    internal async Task<string?> RenewAsync(Work work, HttpContext context, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        var session = await current.FindAsync(work, context, user, ct);
        await SessionTable.EndAllAsync(work, user, session?.Id, ct);
        return session is not null && SessionCookie.Of(context) is { } cookie && session.TokenHash.AsSpan().SequenceEqual(SessionToken.Hash(cookie)) ? await issuer.StartAsync(work, context, user, new(session.TenantId), session, now, ct) : null;
    }

    /// <summary>Gives the browser its new cookie.</summary>
    /// <returns>The antiforgery token that belongs to it.</returns>
    internal static string? Show(HttpContext context, string? token)
    {
        if (token is null) return null;
        SessionCookie.Set(context, token);
        return SessionToken.AntiforgeryOf(token);
    }
}
