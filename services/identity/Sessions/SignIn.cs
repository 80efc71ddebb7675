using System.ComponentModel.DataAnnotations;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Access;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Empire.Identity.People;
using Empire.Identity.SecondFactor;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Sessions;

/// <summary>Opens a session for a person with their password and, where they have one, their second factor.</summary>
public sealed partial class SignIn(
    Database db, Passwords passwords, SecondFactors factors, SessionIssuer issuer, ProfileReader profiles, LockTelling locks, IOptions<SessionOptions> options, IOptions<BoundsOptions> bounds, TimeProvider clock,
    ILogger<SignIn> log)
{
    /// <example>{"email": "ada@example.com", "password": "nine quiet lanterns"}</example>
    /// <param name="Code">Of the authenticator, or a recovery code. Needed when the answer was <c>SECOND_FACTOR_REQUIRED</c>.</param>
    public sealed record Request([Required, StringLength(1000)] string Email, [Required, StringLength(PasswordRule.MaxLength)] string Password, [StringLength(32)] string? Code = null);

    /// <param name="CsrfToken">To be sent back as <c>X-CSRF-Token</c> (or the form field <c>csrf_token</c>) with every request that changes something.</param>
    /// <example>{"status": "success", "user": {"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "email": "ada@example.com", "name": "Ada", "email_verified": true, "role": "user", "tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "tenant_role": "owner", "subscription_status": "trial", "subscription_tier": "free", "api_calls_used": 12, "monthly_limit": 100, "second_factor": false, "created_at": "2026-03-02T08:00:00+00:00", "last_login": "2026-03-02T09:15:00+00:00", "tenants": [{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "name": "Ada", "role": "owner", "is_active": true, "pending": false}]}, "csrf_token": "a token of this session"}</example>
    public sealed record Response(string Status, ProfileView User, string CsrfToken);

    public static Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, SignIn signIn, CancellationToken ct) =>
        signIn.HandleAsync(request, context, ct);

    private async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, CancellationToken ct)
    {
        var email = EmailAddress.Parse(request.Email);
        var (taken, person) = await TakeTryAsync(email, ClientAddress.Of(context), ct);
        if (taken.Locked) return Locked(context, taken.Until);
        if (taken.Last) ct = CancellationToken.None; // it has locked: whether that stands is found out even if the client goes away

        var match = await passwords.VerifyAsync(person?.PasswordHash, request.Password, ct); // outside any transaction: it takes a tenth of a second
        if (person is null || match == PasswordMatch.No) return await RefuseAsync(taken);
        // When its work is over: what follows is a work of its own, and who waited for a second connection while they held one would wait with all the others who do.
        var verdict = await JudgeAsync(person, match, taken, request, context, ct);
        if (verdict is { Token: { } token, Profile: { } profile })
        {
            SessionCookie.Set(context, token);
            return TypedResults.Ok(new Response("success", profile, SessionToken.AntiforgeryOf(token)));
        }
        if (verdict.InTheWay is not { } answer) return await RefuseAsync(taken);
        await GiveBackAsync(taken, ct);
        Blameless.Mark(context.Response);
        return answer;
    }

    /// <summary>Opens the session unless something is wrong or in the way: then it changes nothing, and a code that was taken is left.</summary>
    private async Task<Verdict> JudgeAsync(Person person, PasswordMatch match, SignInTry taken, Request request, HttpContext context, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        await MemberTable.HoldAskedAsync(work, person.Id, ct);
        match = await passwords.StillAsync(work, person, request.Password, match, ct);
        if (match == PasswordMatch.No) return Verdict.Wrong;
        if (await factors.IsOnAsync(work, person.Id, ct))
        {
            if (string.IsNullOrWhiteSpace(request.Code)) return Verdict.Of(CodeNeeded.ToProblem(StatusCodes.Status401Unauthorized));
            try
            {
                if (!await factors.AcceptAsync(work, person.Id, request.Code, now, ct)) return Verdict.Wrong;
            }
            catch (UnreadableSecretException e)
            {
                LogUnreadable(log, person.Id, e);
                return Verdict.Of(SecondFactors.Unreadable.ToProblem(StatusCodes.Status503ServiceUnavailable));
            }
        }
        if (await AccountOfAsync(work, person.Id, context.Features.Get<ClientAddress>(), ct) is not { } account)
            return Verdict.Of((await MemberTable.IsAskedAsync(work, person.Id, ct) ? MemberTable.Unconfirmed : NoAccount).ToProblem(StatusCodes.Status403Forbidden));
        if (await MemberTable.AcceptAsync(work, account, person.Id, bounds.Value.Accounts, now, ct) is { } refusal) return Verdict.Of(SwitchTenant.NotAccepted(refusal));
        await SignInTries.ClearAsync(work, taken, ct);
        if (match == PasswordMatch.YesButOld) await UserTable.SetPasswordAsync(work, person.Id, await passwords.HashAsync(request.Password, ct), null, ct);
        await work.ExecuteAsync(
            "update users set last_login_at = @now where id = @Id; delete from sessions where user_id = @Id and expires_at <= @now", new { person.Id, now }, ct);

        await work.ActForAsync(account, ct);
        var token = (await issuer.StartAsync(work, context, person.Id, account, null, now, ct))!; // it replaces none
        var (address, agent) = (ClientAddress.Of(context), SessionIssuer.AgentOf(context));
        if (await SignInPlaces.NoteAsync(work, person.Id, address, agent, now, ct))
            work.Publish(new NewSignIn { TenantId = account.Value, UserId = person.Id, Email = person.Email, Address = address, UserAgent = agent, OccurredAt = now });
        work.Audit("person.signed-in", "person", PublicId.Format("usr", person.Id));
        var profile = await profiles.ReadAsync(work, person.Id, account, ct);
        await work.CommitAsync(ct);
        return new(token, profile, null);
    }

    /// <param name="InTheWay">Right as far as it was looked at, and something else stands in the way: the try is given back, and ten who sign in like this behind one address are no attack.</param>
    private sealed record Verdict(string? Token, ProfileView? Profile, ProblemHttpResult? InTheWay)
    {
        public static Verdict Wrong { get; } = new(null, null, null);
        public static Verdict Of(ProblemHttpResult inTheWay) => new(null, null, inTheWay);
    }

    private async Task GiveBackAsync(SignInTry taken, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        await SignInTries.GiveBackAsync(work, taken, ct);
        await work.CommitAsync(ct);
    }

    private async Task<(SignInTry Taken, Person? Person)> TakeTryAsync(string email, string? address, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        var person = await UserTable.FindAsync(work, email, ct);
        var taken = await SignInTries.TakeAsync(work, email, person?.Id, address, options.Value, clock.GetUtcNow(), ct);
        await work.CommitAsync(ct);
        return (taken, person);
    }

    /// <summary>One answer for unknown, wrong password and wrong code.</summary>
    private async Task<ProblemHttpResult> RefuseAsync(SignInTry taken)
    {
        await locks.WrongAsync(taken);
        return Wrong.ToProblem(StatusCodes.Status401Unauthorized);
    }

    private ProblemHttpResult Locked(HttpContext context, DateTimeOffset until)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds).ToString("0");
        return LockedOut.ToProblem(StatusCodes.Status423Locked);
    }

    /// <summary>The account they have belonged to for longest, of those that let them in from where they are if any does: one's white list keeps nobody out of another (ADR 0169). Where none of theirs is open, an
    /// open one that asks them to join: to sign in is to accept then, as there is no other way in, for those who have proved their address. One that is closed only where there is no other.</summary>
    private static async Task<TenantId?> AccountOfAsync(Work work, Guid user, ClientAddress? from, CancellationToken ct)
    {
        var places = await work.QueryAsync<Place>(
            """
            select tenant_id, role, is_active, pending from memberships join tenants using (tenant_id)
            where user_id = @user and (not pending or (is_active and exists (select from users where id = @user and email_verified_at is not null)))
            order by is_active desc, pending, memberships.created_at, role = 'owner' desc, tenant_id
            """, new { user }, ct);
        if (places.Count == 0) return null;
        var alike = places.TakeWhile(place => (place.IsActive, place.Pending) == (places[0].IsActive, places[0].Pending)).ToList();
        foreach (var place in alike.Count > 1 ? alike : [])
            if (await AccessControlTable.AdmitAsync(work, new(place.TenantId), user, place.Role, from, ct)) return new(place.TenantId);
        return new(places[0].TenantId);
    }

    private sealed record Place(Guid TenantId, string Role, bool IsActive, bool Pending);

    internal static Refusal LockedOut { get; } = new("account-locked", "Too many wrong tries. Wait, or ask for a new password by mail.");

    private static readonly Refusal Wrong = new("invalid-credentials", "E-mail address, password or code is wrong.");
    private static readonly Refusal CodeNeeded = new("second-factor-required", "Send the code of your authenticator, or a recovery code, as code.");
    private static readonly Refusal NoAccount = new("no-account", "You belong to no account any more.");

    [LoggerMessage(1, LogLevel.Error, "The authenticator of {User} cannot be checked")] private static partial void LogUnreadable(ILogger log, Guid user, Exception e);
}
