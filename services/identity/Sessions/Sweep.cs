using Empire.Data;
using Empire.Identity.Members;
using Empire.Identity.SecondFactor;

namespace Empire.Identity.Sessions;

/// <summary>Clears away what has run out, every hour; in several replicas at once it does no harm.</summary>
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
            delete from sessions where expires_at <= @now;
            delete from one_time_tokens where expires_at <= @now;
            delete from sign_in_tries where last_try_at <= @since;
            delete from second_factors where confirmed_at is null and created_at <= @waited;
            delete from member_asks where asked_at <= @asked
            """, new { now, since = now - TriesKept, waited = now - SecondFactors.ConfirmWithin, asked = now - MemberTable.AskedWithin }, ct);
        await work.CommitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Error, "Sessions that ran out could not be cleared away")]
    private static partial void LogFailed(ILogger log, Exception e);
}
