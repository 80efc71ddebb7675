using Empire.Data;
using Empire.Identity.Members;
using Empire.Identity.SecondFactor;

namespace Empire.Identity.Sessions;

/// <summary>Clears away what has run out, every hour; in several replicas at once it does no harm. It waits for nobody: what an erasure has locked, in an order of its own, is gone with that or an hour later.</summary>
public sealed partial class Sweep(Database db, TimeProvider clock, ILogger<Sweep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>So long a row of tries is kept: the longest lock, and the doubling of the next, are over by then.</summary>
    private static readonly TimeSpan TriesKept = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await RunAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    internal async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync(
            """
            delete from sessions where id in (select id from sessions where expires_at <= @now for update skip locked);
            delete from one_time_tokens where token_hash in (select token_hash from one_time_tokens where expires_at <= @now for update skip locked);
            delete from sign_in_tries where email_hash in (select email_hash from sign_in_tries where last_try_at <= @since for update skip locked);
            delete from second_factors where user_id in (select user_id from second_factors where confirmed_at is null and created_at <= @waited for update skip locked);
            delete from member_asks where id in (select id from member_asks where asked_at <= @asked for update skip locked)
            """, new { now, since = now - TriesKept, waited = now - SecondFactors.ConfirmWithin, asked = now - MemberTable.AskedWithin }, ct);
        await work.CommitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Error, "Sessions that ran out could not be cleared away")]
    private static partial void LogFailed(ILogger log, Exception e);
}
