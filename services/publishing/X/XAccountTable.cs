using Empire.Contracts;
using Empire.Data;

namespace Empire.Publishing.X;

/// <summary>Which accounts X has stopped. A stopped account posts nothing until a person resumes it.</summary>
public static class XAccountTable
{
    /// <summary>Marks a refusal that is about the account rather than the post.</summary>
    public const string StoppedPrefix = "account-stopped: ";

    /// <returns>Null when the account may post.</returns>
    public static async Task<Refusal?> CheckAsync(Work work, string account, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<string>("select reason from x_accounts where tenant_id = current_tenant() and account = @account and state = 'stopped'", new { account }, ct) is { } reason
            ? new("account-stopped", $"The X account '{account}' is stopped: {reason}")
            : null;

    /// <summary>Stops it, once, with an alert.</summary>
    /// <param name="words">Why, in X's words.</param>
    public static async Task StopAsync(Work work, string account, string words, DateTimeOffset now, CancellationToken ct)
    {
        var stopped = await work.ExecuteAsync(
            """
            insert into x_accounts as a (tenant_id, account, state, reason, changed_at) values (@Tenant, @account, 'stopped', @words, @now)
            on conflict (tenant_id, account) do update set state = 'stopped', reason = excluded.reason, changed_at = excluded.changed_at where a.state <> 'stopped'
            """, new { work.Tenant, account, words, now }, ct);
        if (stopped == 0) return;
        await work.ExecuteAsync(
            "insert into alerts (id, tenant_id, severity, subject, message, raised_at) values (@id, @Tenant, 'high', @subject, @words, @now)",
            new { id = Guid.CreateVersion7(now), work.Tenant, subject = $"x-account:{account}", words, now }, ct);
        work.Publish(new PlatformAccountStopped { TenantId = work.Tenant.Value, Platform = "x", Account = account, Reason = words, OccurredAt = now });
    }

    /// <returns>False when it was not stopped.</returns>
    public static async Task<bool> ResumeAsync(Work work, string account, string actor, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            "update x_accounts set state = 'active', reason = @reason, changed_at = @now where tenant_id = current_tenant() and account = @account and state = 'stopped'",
            new { account, reason = $"resumed by {actor}", now }, ct) == 1;
}
