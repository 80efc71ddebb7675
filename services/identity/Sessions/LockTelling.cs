using Empire.Contracts;
using Empire.Data;
using Empire.Identity.People;
using Empire.Identity.Security;

namespace Empire.Identity.Sessions;

/// <summary>Tells of every lock that stands, once: the mail's event, the security event and the audit entry commit with the note that it is told. A try that was abandoned after it had locked,
/// by a process that died or a client that went away, is told of here within a minute and a half. Safe in several replicas.</summary>
public sealed partial class LockTelling(Database db, TimeProvider clock, ILogger<LockTelling> log) : BackgroundService
{
    /// <summary>A comparison is over long before; whether its try was right is not known then, but the lock stands.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>The try was wrong. Does nothing unless it was the one that locked.</summary>
    internal async Task WrongAsync(SignInTry taken)
    {
        if (taken.Last) await TellAsync(taken.EmailHash, CancellationToken.None); // the lock is there, whether or not the client still is
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        do
        {
            try { while (await TellAsync(null, stoppingToken)) { } }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>False when there is nothing to tell.</returns>
    private async Task<bool> TellAsync(byte[]? hash, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (await SignInTries.TakeUntoldAsync(work, hash, work.Now - Abandoned, ct) is not { } untold) return false;
        if (await UserTable.FindAsync(work, untold.UserId, ct) is { } person && await UserTable.HomeAsync(work, person.Id, ct) is { } home)
        {
            await work.ActForAsync(home, ct);
            work.Publish(new UserLockedOut { TenantId = home.Value, UserId = person.Id, Email = person.Email, Until = untold.Until, Address = untold.Address, OccurredAt = work.Now });
            await SecurityEventTable.AddAsync(
                work, "sign-in-locked", PublicId.Format("usr", person.Id), "Too many wrong tries locked a sign-in. If it was not you, choose another password and a second factor.",
                new { untold.Until, untold.Address }, ct);
            work.Audit("person.locked-out", "person", PublicId.Format("usr", person.Id), new { untold.Until });
            LogLocked(log, person.Id, untold.Until);
        }
        await work.CommitAsync(ct);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "Sign-in of {User} is locked until {Until}: too many wrong tries")] private static partial void LogLocked(ILogger log, Guid user, DateTimeOffset until);
    [LoggerMessage(2, LogLevel.Error, "Locks could not be told of; the next turn tries again")] private static partial void LogFailed(ILogger log, Exception e);
}
