using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.X;

/// <summary>What X has stopped, and the way back.</summary>
public static class XAccountEndpoints
{
    public sealed record Account(string Platform, string Name, string State, string Reason, DateTimeOffset ChangedAt);
    public sealed record Alert(string Id, string Severity, string Subject, string Message, DateTimeOffset RaisedAt);
    /// <example>{"data": [{"platform": "x", "name": "main", "state": "stopped", "reason": "Your account is temporarily locked.", "changed_at": "2026-03-02T08:00:00+00:00"}],
    /// "alerts": [{"id": "alert_0199f3a17c5b7d3e8a4b5c6d7e8f9060", "severity": "high", "subject": "x-account:main", "message": "Your account is temporarily locked.",
    /// "raised_at": "2026-03-02T08:00:00+00:00"}]}</example>
    public sealed record AccountList(IReadOnlyList<Account> Data, IReadOnlyList<Alert> Alerts);

    public static void MapXAccounts(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/api/v1/publications/accounts").WithTags("Publications");
        accounts.MapGet("", ListAsync);
        accounts.MapPost("/{account}/resume", ResumeAsync).ForRoles("owner", "admin").WithIdempotencyKey();
    }

    /// <summary>Accounts that were ever stopped, of those that the caller's account posts with, and the newest alerts about them.</summary>
    private static async Task<AccountList> ListAsync(Caller caller, Database db, XAccess access, CancellationToken ct)
    {
        var closed = await access.CheckAsync(caller.Tenant, ct);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var accounts = closed is null ? await work.QueryAsync<Account>("select 'x' as platform, account as name, state, reason, changed_at from x_stops order by account", ct: ct) : [];
        var alerts = await work.QueryAsync<AlertRow>("select id, severity, subject, message, raised_at from alerts where tenant_id = current_tenant() order by id desc limit 20", ct: ct);
        return new(accounts, [.. alerts.Select(alert => new Alert(PublicId.Format("alert", alert.Id), alert.Severity, alert.Subject, alert.Message, alert.RaisedAt))]);
    }

    /// <summary>A person has put it right with X: posts planned from now on go out again. The account is the operator's, so others find nothing to resume.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> ResumeAsync(
        string account, Caller caller, Database db, OperatorAccount installation, TimeProvider clock, CancellationToken ct)
    {
        var own = await installation.IsAsync(caller.Tenant, ct);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!own || !await XAccountTable.ResumeAsync(work, account, caller.Actor, clock.GetUtcNow(), ct))
            return new Refusal("account-not-stopped", $"The X account '{account}' is not stopped.").ToProblem();
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private sealed record AlertRow(Guid Id, string Severity, string Subject, string Message, DateTimeOffset RaisedAt);
}
