using System.Globalization;
using Empire.Data;
using Empire.Http;
using Empire.Identity.People;
using Empire.Identity.SecondFactor;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Sessions;

/// <summary>Asks a signed-in person once more who they are, before a change that could lock them out. Wrong answers count as wrong tries to sign in: a stolen
/// session is no place to guess passwords from.</summary>
public sealed partial class PasswordAgain(
    Database db, Passwords passwords, SecondFactors factors, LockTelling locks, IOptions<SessionOptions> options, TimeProvider clock, ILogger<PasswordAgain> log)
{
    /// <returns>The person, or what to answer.</returns>
    internal Task<(Person? Person, ProblemHttpResult? Refusal)> AskAsync(Guid user, string password, HttpContext context, CancellationToken ct) =>
        AskAsync(user, password, null, context, ct);

    /// <param name="code">Asked for too, and used up, where the person has a second factor; null does not ask.</param>
    internal async Task<(Person? Person, ProblemHttpResult? Refusal)> AskAsync(Guid user, string password, string? code, HttpContext context, CancellationToken ct)
    {
        var (taken, person) = await TakeTryAsync(user, ClientAddress.Of(context), ct);
        if (person is null) return (null, Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden));
        if (taken!.Locked)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling((taken.Until - clock.GetUtcNow()).TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
            return (null, SignIn.LockedOut.ToProblem(StatusCodes.Status423Locked));
        }
        if (taken.Last) ct = CancellationToken.None; // it has locked: whether that stands is found out even if the client goes away
        var match = await passwords.VerifyAsync(person.PasswordHash, password, ct);
        if (match == PasswordMatch.No) return await RefuseAsync(taken);
        return await AcceptAsync(taken, user, code, ct) switch
        {
            true => (person, null),
            false => await RefuseAsync(taken),
            null => (null, SecondFactors.Unreadable.ToProblem(StatusCodes.Status503ServiceUnavailable)),
        };
    }

    /// <returns>False when the code is wrong; null when it cannot be checked. Otherwise, and then too, the try is given back.</returns>
    private async Task<bool?> AcceptAsync(SignInTry taken, Guid user, string? code, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        bool? accepted = true;
        try
        {
            if (code is not null && await factors.IsOnAsync(work, user, ct) && !await factors.AcceptAsync(work, user, code, clock.GetUtcNow(), ct)) return false;
        }
        catch (UnreadableSecretException e)
        {
            LogUnreadable(log, user, e);
            accepted = null;
        }
        work.NothingToAudit();
        await SignInTries.GiveBackAsync(work, taken, ct);
        await work.CommitAsync(ct);
        return accepted;
    }

    /// <summary>Asked once more in the work that makes the change: a new password that was set since, as by mail, ends what the old one opened.</summary>
    /// <param name="person">As <see cref="AskAsync(Guid, string, HttpContext, CancellationToken)"/> gave them.</param>
    /// <returns>Null while the password holds.</returns>
    internal async Task<ProblemHttpResult?> StillAsync(Work work, Person person, string password, CancellationToken ct) =>
        await passwords.StillAsync(work, person, password, PasswordMatch.Yes, ct) == PasswordMatch.No ? Wrong.ToProblem(StatusCodes.Status403Forbidden) : null;

    private async Task<(Person?, ProblemHttpResult?)> RefuseAsync(SignInTry taken)
    {
        await locks.WrongAsync(taken);
        return (null, Wrong.ToProblem(StatusCodes.Status403Forbidden));
    }

    private async Task<(SignInTry? Taken, Person? Person)> TakeTryAsync(Guid user, string? address, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (await UserTable.FindAsync(work, user, ct) is not { } person) return (null, null);
        work.NothingToAudit();
        var taken = await SignInTries.TakeAsync(work, person.Email, person.Id, address, options.Value, clock.GetUtcNow(), ct);
        await work.CommitAsync(ct);
        return (taken, person);
    }

    private static readonly Refusal Wrong = new("invalid-credentials", "Password or code is wrong.");

    [LoggerMessage(1, LogLevel.Error, "The authenticator of {User} cannot be checked")] private static partial void LogUnreadable(ILogger log, Guid user, Exception e);
}
