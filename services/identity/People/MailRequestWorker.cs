using Empire.Contracts;
using Empire.Data;
using Empire.Hosting;
using Empire.Security;

namespace Empire.Identity.People;

/// <summary>Turns the mails that were asked for into tokens and events, where there is somebody to get them. Safe in several replicas: a row is taken by one.</summary>
public sealed partial class MailRequestWorker(Database db, Sealer sealer, TimeProvider clock, ILogger<MailRequestWorker> log) : BackgroundService
{
    /// <summary>For rows of a replica that died between noting and working.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    /// <summary>One mail a minute and purpose: nobody's inbox is filled through us.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly WakeUp wake = new();

    internal void Wake() => wake.Set();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try { while (await ServeNextAsync(stoppingToken)) { } }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
            await wake.WaitAsync(LookEvery, stoppingToken, clock);
        }
    }

    /// <returns>False when nobody waits.</returns>
    private async Task<bool> ServeNextAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var request = await work.QuerySingleOrDefaultAsync<Wish>(
            """
            delete from mail_requests where (email, purpose) = (select email, purpose from mail_requests order by requested_at limit 1 for update skip locked)
            returning email, purpose
            """, ct: ct);
        if (request is null) return false;
        if (await UserTable.FindAsync(work, request.Email, ct) is { } person && await UserTable.HomeAsync(work, person.Id, ct) is { } home) await IssueAsync(work, person, home, request.Purpose, ct);
        await work.CommitAsync(ct);
        return true;
    }

    private async Task IssueAsync(Work work, Person person, TenantId home, string purpose, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (purpose == OneTimeTokenTable.VerifyEmail && person.EmailVerifiedAt is not null) return;
        var recent = await work.QuerySingleAsync<bool>(
            "select exists (select from one_time_tokens where user_id = @Id and purpose = @purpose and created_at > @since)", new { person.Id, purpose, since = now - Pause }, ct);
        if (recent) return;
        // Their links before their place, as an erasure does; nothing is sent to whom it has forgotten meanwhile.
        await OneTimeTokenTable.HoldAsync(work, person.Id, ct);
        if (await UserTable.HoldAsync(work, person.Email, ct) is null) return;
        var token = await OneTimeTokenTable.IssueAsync(work, person.Id, purpose, now, ct);
        await work.ActForAsync(home, ct);
        if (purpose == OneTimeTokenTable.VerifyEmail)
            work.Publish(new EmailVerificationRequested
            {
                TenantId = home.Value, UserId = person.Id, Email = person.Email, SealedVerificationToken = sealer.Seal(token, "mail:verification"), OccurredAt = now,
            });
        else
            work.Publish(new PasswordResetRequested
            {
                TenantId = home.Value, UserId = person.Id, Email = person.Email, SealedToken = sealer.Seal(token, "mail:password-reset"),
                ExpiresAt = now + OneTimeTokenTable.LifetimeOf(purpose), OccurredAt = now,
            });
    }

    private sealed record Wish(string Email, string Purpose);

    [LoggerMessage(1, LogLevel.Error, "Mails that were asked for could not be prepared")]
    private static partial void LogFailed(ILogger log, Exception e);
}
