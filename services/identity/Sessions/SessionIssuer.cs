using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Sessions;

/// <summary>Starts sessions. Each has an id never used before; one that the browser already held is ended, never adopted, so nobody can fix in advance what it will be.</summary>
public sealed class SessionIssuer(IOptions<SessionOptions> options, IOptions<BoundsOptions> bounds)
{
    /// <summary>Longer names of programs are cut.</summary>
    public const int AgentLength = 200;

    /// <summary>The cookie is set by <see cref="SessionCookie.Set"/> once the work has committed.</summary>
    /// <param name="before">The session that this one replaces: it ends, and its absolute end is kept.</param>
    /// <returns>The token; null where <paramref name="before"/> has been ended meanwhile: it has no successor then.</returns>
    internal async Task<string?> StartAsync(Work work, HttpContext context, Guid user, TenantId tenant, Session? before, DateTimeOffset now, CancellationToken ct)
    {
        await SessionTable.TakeTurnAsync(work, user, ct);
        if (before is not null && !await SessionTable.EndAsync(work, before.Id, user, ct)) return null;
        if (SessionCookie.Of(context) is { } held)
            await work.ExecuteAsync("delete from sessions where token_hash = @hash", new { hash = SessionToken.Hash(held) }, ct);
        if (before is null) await SessionTable.MakeRoomAsync(work, user, bounds.Value.Sessions, ct);
        var token = SessionToken.Generate();
        await SessionTable.AddAsync(work, new()
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Value,
            UserId = user,
            TokenHash = SessionToken.Hash(token),
            Address = ClientAddress.Of(context),
            Agent = AgentOf(context),
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = before?.ExpiresAt ?? now.AddHours(options.Value.AbsoluteHours),
        }, ct);
        return token;
    }

    internal static string? AgentOf(HttpContext context) =>
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, AgentLength)] : null;
}
