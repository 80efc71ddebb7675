using Empire.Contracts;
using Empire.Data;

namespace Empire.Publishing.X;

/// <summary>Which accounts X has stopped. A stopped account posts nothing, whoever of ours would, until the operator resumes it.</summary>
public static class XAccountTable
{
    /// <summary>Marks a refusal that is about the account rather than the post.</summary>
    public const string StoppedPrefix = "account-stopped: ";

    /// <returns>Null when the account may post.</returns>
    public static async Task<Refusal?> CheckAsync(Work work, string account, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<string>("select reason from x_stops where account = @account and state = 'stopped'", new { account }, ct) is { } reason
            ? new("account-stopped", $"The X account '{account}' is stopped: {reason}")
            : null;

    /// <summary>Stops it, once, with an alert for the tenant whose post met it and for the operator.</summary>
    /// <param name="words">Why, in X's words.</param>
    /// <param name="operators">The operator's account; null where nobody could tell.</param>
    public static async Task StopAsync(Work work, string account, string words, TenantId? operators, DateTimeOffset now, CancellationToken ct)
    {
        var stopped = await work.ExecuteAsync(
            """
            insert into x_stops as a (account, state, reason, changed_at) values (@account, 'stopped', @words, @now)
            on conflict (account) do update set state = 'stopped', reason = excluded.reason, changed_at = excluded.changed_at where a.state <> 'stopped'
            """, new { account, words, now }, ct);
        if (stopped == 0) return;
        var met = work.Tenant;
        await AlertAsync(work, account, words, now, ct);
        if (operators is not { } owner || owner == met) return;
        await work.ActForAsync(owner, ct);
        await AlertAsync(work, account, words, now, ct);
        await work.ActForAsync(met, ct);
    }

    /// <returns>False when it was not stopped.</returns>
    public static async Task<bool> ResumeAsync(Work work, string account, string actor, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            "update x_stops set state = 'active', reason = @reason, changed_at = @now where account = @account and state = 'stopped'",
            new { account, reason = $"resumed by {actor}", now }, ct) == 1;

    private static async Task AlertAsync(Work work, string account, string words, DateTimeOffset now, CancellationToken ct)
    {
        await work.ExecuteAsync(
            "insert into alerts (id, tenant_id, severity, subject, message, raised_at) values (@id, @Tenant, 'high', @subject, @words, @now)",
            new { id = Guid.CreateVersion7(now), work.Tenant, subject = $"x-account:{account}", words, now }, ct);
        work.Publish(new PlatformAccountStopped { TenantId = work.Tenant.Value, Platform = "x", Account = account, Reason = words, OccurredAt = now });
    }
}
