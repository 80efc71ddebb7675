using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Sessions;

/// <summary>One's own sessions in every account, newest first.</summary>
public static class ListSessions
{
    /// <param name="Tenant">The account it acts in.</param>
    /// <param name="LastSeenAt">To the minute.</param>
    /// <param name="Current">It is the one this request came by.</param>
    /// <example>{"id": "ses_0199f3a17c5b7d3e8a4b5c6d7e8f9041", "tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "address": "203.0.113.7",
    /// "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0", "created_at": "2026-03-02T08:00:00+00:00", "last_seen_at": "2026-03-02T09:15:00+00:00",
    /// "expires_at": "2026-03-02T20:00:00+00:00", "current": true}</example>
    public sealed record Item(string Id, string Tenant, string? Address, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, bool Current);

    public static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] PageRequest page, Caller caller, HttpContext context, Database db, ThisSession current, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginSystemAsync(ct);
        var mine = await current.FindAsync(work, context, user, ct);
        var sessions = await SessionTable.OfPersonAsync(work, user, clock.GetUtcNow(), after, page.Fetch, ct);
        return TypedResults.Ok(page.ToPage(sessions, s => (s.CreatedAt, s.Id)).Select(s => new Item(
            PublicId.Format("ses", s.Id), new TenantId(s.TenantId).ToString(), s.Address, s.Agent, s.CreatedAt, s.LastSeenAt, s.ExpiresAt, s.Id == mine?.Id)));
    }
}
