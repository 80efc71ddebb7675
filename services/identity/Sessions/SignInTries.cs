using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Identity.Sessions;

/// <summary>Counts tries to sign in, per address. A try is taken BEFORE the password is looked at and given back when it was right, so that however many come at
/// once, no more than the allowed number of guesses is ever compared.</summary>
internal static class SignInTries
{
    private static readonly TimeSpan LongestLock = TimeSpan.FromDays(1);

    /// <summary>Takes one try; the last one allowed locks the address at once, for as long as it is not given back. Such a lock is untold until <see cref="LockTelling"/> has told of it.</summary>
    /// <param name="user">Who has the address; null: nobody, and nobody is told.</param>
    /// <param name="address">The client's network address, where it is known.</param>
    public static async Task<SignInTry> TakeAsync(Work work, string email, Guid? user, string? address, SessionOptions options, DateTimeOffset now, CancellationToken ct)
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
            update sign_in_tries set failures = @number, locked_until = @lockedUntil, lockouts = lockouts + @lockouts, last_try_at = @now, user_id = @user, address = @address, untold = @untold
            where email_hash = @hash
            """,
            new
            {
                hash, number, lockedUntil = last ? until : (DateTimeOffset?)null, lockouts = last ? 1 : 0, now, user = last ? user : null, address = last ? address : null, untold = last && user is not null,
            }, ct);
        return new(hash, last, until, Locked: false);
    }

    /// <summary>The try told nothing about right or wrong (a code is still to come): as if it had not been. Clearing the count here would let somebody
    /// who knows the password guess codes for ever.</summary>
    public static Task GiveBackAsync(Work work, SignInTry taken, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update sign_in_tries set failures = greatest(failures - 1, 0), untold = untold and not @Last,
              locked_until = case when @Last then null else locked_until end, lockouts = case when @Last then greatest(lockouts - 1, 0) else lockouts end
            where email_hash = @EmailHash
            """, taken, ct);

    /// <summary>They are in: earlier tries are forgotten. A lock that another try brought meanwhile stays.</summary>
    public static Task ClearAsync(Work work, SignInTry taken, CancellationToken ct) =>
        work.ExecuteAsync("delete from sign_in_tries where email_hash = @EmailHash and (@Last or locked_until is null)", taken, ct);

    /// <summary>The person has proved themselves otherwise.</summary>
    public static Task ForgetAsync(Work work, string email, CancellationToken ct) =>
        work.ExecuteAsync("delete from sign_in_tries where email_hash = @hash", new { hash = SHA256.HashData(Encoding.UTF8.GetBytes(email)) }, ct);

    /// <summary>Takes the telling of a lock: nobody else tells of it once this work has committed.</summary>
    /// <param name="hash">Which; null takes the next one whose try is abandoned.</param>
    /// <param name="abandonedBefore">A try of this time or older is over, whatever became of it.</param>
    /// <returns>Null when there is none, or it is told already.</returns>
    public static Task<UntoldLock?> TakeUntoldAsync(Work work, byte[]? hash, DateTimeOffset abandonedBefore, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<UntoldLock>(
            """
            update sign_in_tries set untold = false where email_hash = (
              select email_hash from sign_in_tries where untold and (email_hash = @hash or (@hash::bytea is null and last_try_at <= @abandonedBefore))
              order by last_try_at limit 1 for update skip locked)
            returning user_id, address, locked_until as until
            """, new { hash, abandonedBefore }, ct);

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

internal sealed record UntoldLock
{
    public Guid UserId { get; init; }
    public string? Address { get; init; }
    public DateTimeOffset Until { get; init; }
}
