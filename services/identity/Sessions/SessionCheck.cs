using Empire.Data;
using Empire.Identity.Access;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Sessions;

/// <summary>Whether a session is still good at this moment, and that it has been seen.</summary>
public sealed class SessionCheck(Database db, SessionPulse pulse, IOptions<SessionOptions> options, TimeProvider clock)
{
    /// <summary>How coarse the database's own note of the last request is while Redis keeps the exact one.</summary>
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(1);

    /// <returns>Null when it is unknown, over, or has been idle for too long.</returns>
    internal Task<Session?> FindAsync(string token, CancellationToken ct) =>
        SessionToken.IsWellFormed(token) ? FindAsync(work => SessionTable.FindAsync(work, SessionToken.Hash(token), ct), ct) : Task.FromResult<Session?>(null);

    /// <inheritdoc cref="FindAsync(string, CancellationToken)"/>
    internal Task<Session?> FindAsync(Guid id, CancellationToken ct) => FindAsync(work => SessionTable.FindAsync(work, id, ct), ct);

    private async Task<Session?> FindAsync(Func<Work, Task<Session?>> find, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        if (await find(work) is not { } session) return null;
        var rules = await AccessControlTable.OfAsync(work, new(session.TenantId), session.UserId, session.Role, ct);
        var (now, idle) = (clock.GetUtcNow(), rules.SessionTimeout < options.Value.Idle ? rules.SessionTimeout.Value : options.Value.Idle);
        var seen = session.LastSeenAt;
        // The database's note lags behind by up to a minute, so it alone can say "in use" but not "idle": then Redis is asked.
        if (await pulse.LastSeenAsync(session.TokenHash, ct) is { } exact && exact > seen) seen = exact;
        if (now >= session.ExpiresAt || now - seen >= idle)
        {
            await SessionTable.EndAsync(work, session.Id, session.UserId, ct);
            await work.CommitAsync(ct);
            return null;
        }
        var noted = await pulse.BeatAsync(session.TokenHash, now, idle, ct);
        if (!noted || now - session.LastSeenAt >= Coarse)
        {
            await SessionTable.SeenAsync(work, session.Id, now, ct);
            await work.CommitAsync(ct);
        }
        return session with { AllowedNetworks = rules.AllowedNetworks };
    }
}
