using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Identity.Sessions;

/// <summary>Counts tries to sign in, per address. A try is taken BEFORE the password is looked at and given back when it was right, so that however many come at
/// once, no more than the allowed number of guesses is ever compared.</summary>
internal static class SignInTries
{
    private static readonly TimeSpan LongestLock = TimeSpan.FromDays(1);

    /// <summary>Takes one try; the last one allowed locks the address at once, for as long as it is not given back.</summary>
    public static async Task<SignInTry> TakeAsync(Work work, string email, SessionOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(email));
        await work.ExecuteAsync("insert into sign_in_tries (email_hash, failures, last_try_at) values (@hash, 0, @now) on conflict do nothing", new { hash, now }, ct);
        var row = await work.QuerySingleAsync<Row>("select failures, lockouts, locked_until from sign_in_tries where email_hash = @hash for update", new { hash }, ct);
        if (row.LockedUntil > now) return new(hash, Last: false, row.LockedUntil.Value, Locked: true);
        var number = row.LockedUntil is null ? row.Failures + 1 : 1; // a lock that has ended leaves a clean slate
        var last = number >= options.MaxAttempts;
        var lasting = TimeSpan.FromMinutes(options.LockMinutes * Math.Pow(2, Math.Min(row.Lockouts, 10)));
        var until = now + (lasting < LongestLock ? lasting : LongestLock);
        await work.ExecuteAsync(
            """
            update sign_in_tries set failures = @number, locked_until = @lockedUntil, lockouts = lockouts + @lockouts, last_try_at = @now where email_hash = @hash
            """, new { hash, number, lockedUntil = last ? until : (DateTimeOffset?)null, lockouts = last ? 1 : 0, now }, ct);
        return new(hash, last, until, Locked: false);
    }

    /// <summary>The try told nothing about right or wrong (a code is still to come): as if it had not been. Clearing the count here would let somebody
    /// who knows the password guess codes for ever.</summary>
    public static Task GiveBackAsync(Work work, SignInTry taken, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update sign_in_tries set failures = greatest(failures - 1, 0),
              locked_until = case when @Last then null else locked_until end, lockouts = case when @Last then greatest(lockouts - 1, 0) else lockouts end
            where email_hash = @EmailHash
            """, taken, ct);

    /// <summary>They are in: earlier tries are forgotten. A lock that another try brought meanwhile stays.</summary>
    public static Task ClearAsync(Work work, SignInTry taken, CancellationToken ct) =>
        work.ExecuteAsync("delete from sign_in_tries where email_hash = @EmailHash and (@Last or locked_until is null)", taken, ct);

    /// <summary>The person has proved themselves otherwise.</summary>
    public static Task ForgetAsync(Work work, string email, CancellationToken ct) =>
        work.ExecuteAsync("delete from sign_in_tries where email_hash = @hash", new { hash = SHA256.HashData(Encoding.UTF8.GetBytes(email)) }, ct);

    private sealed record Row
    {
        public int Failures { get; init; }
        public int Lockouts { get; init; }
        public DateTimeOffset? LockedUntil { get; init; }
    }
}

/// <param name="Last">If it is wrong, the address is locked.</param>
/// <param name="Until">When the lock ends, where there is or will be one.</param>
/// <param name="Locked">No try was left: nothing may be compared.</param>
internal sealed record SignInTry(byte[] EmailHash, bool Last, DateTimeOffset Until, bool Locked);
