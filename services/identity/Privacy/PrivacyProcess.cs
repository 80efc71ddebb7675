using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Administrators;
using Empire.Identity.Members;
using Empire.Identity.People;
using Empire.Identity.Revocation;
using Empire.Identity.Security;
using Empire.Privacy;
using Empire.Security;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Privacy;

/// <summary>Exports and erasures over all services. Every step is one transaction that leaves rows to go on from: whoever dies in between, the next turn, here or in
/// another replica, continues.</summary>
public sealed partial class PrivacyProcess(
    Database db, Sealer sealer, Revocations revocations, IOptions<PrivacyOptions> options, TimeProvider clock, ILogger<PrivacyProcess> log)
{
    internal const string EmailPurpose = "gdpr:email";

    /// <summary>Asks every service, in every account the request is about, and gives identity's own part.</summary>
    /// <param name="work">System work in which the request was made.</param>
    internal async Task BeginExportAsync(Work work, PrivacyRequest request, string email, CancellationToken ct)
    {
        foreach (var tenant in await AccountsAsync(work, request, ct))
        {
            await work.ActForAsync(tenant, ct);
            await AskAllAsync(work, request, email, ct);
            await PrivacyTable.AnswerAsync(work, request.Id, Participants.Self, sealer.Seal(await OwnData.ExportAsync(work, request.UserId, ct), PersonalDataHandler.Purpose), null, clock.GetUtcNow(), ct);
        }
    }

    /// <summary>One turn: begins what is due, asks again where no answer came, closes what is answered, deletes exports past their time.</summary>
    public async Task TurnAsync(CancellationToken ct)
    {
        while (await BeginErasureAsync(ct)) { }
        await RemindAsync(ct);
        await AskAgainAsync(ct);
        await CloseAsync(ct);
    }

    private async Task<bool> BeginErasureAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        if ((await PrivacyTable.DueAsync(work, now, ct)).SingleOrDefault() is not { } request) return false;
        var email = await EmailOfAsync(work, request, ct);
        // Their wishes and links before their places: so does whoever sends a link, and whoever spends one.
        await work.ExecuteAsync("select from mail_requests where email = @email order by purpose for update", new { email }, ct);
        await OneTimeTokenTable.HoldAsync(work, request.UserId, ct);
        var accounts = await AccountsAsync(work, request, ct);
        foreach (var tenant in accounts)
        {
            await work.ActForAsync(tenant, ct);
            if ((await OwnData.MayLeaveAsync(work, request.UserId, ct, request.Asker) ?? await OutrankedAsync(work, request, ct)) is not { } refusal) continue;
            await RefuseAsync(work, request, refusal, ct); // it was allowed when it was asked for
            return true;
        }
        if (await InstallationAdmins.LeavesNoneAsync(work, request.UserId, [.. accounts.Select(tenant => tenant.Value)], ct))
        {
            await RefuseAsync(work, request, InstallationAdmins.LastOne, ct);
            return true;
        }
        // Whoever asks them to join holds their row while they do: from here on nobody does, and who just has is found by the next turn. Nothing is kept of this one.
        await work.ExecuteAsync("select from users where id = @UserId for update", new { request.UserId }, ct);
        if ((await AccountsAsync(work, request, ct)).Except(accounts).Any()) return true;
        foreach (var tenant in accounts)
        {
            await work.ActForAsync(tenant, ct);
            await AskAllAsync(work, request, email, ct);
            var rows = (await OwnData.LeaveAsync(work, request.UserId, now, ct)).Rows;
            await PrivacyTable.AnswerAsync(work, request.Id, Participants.Self, null, rows, now, ct);
            work.Audit("person.erased", "person", PublicId.Format("usr", request.UserId), new { request = request.PublicId });
        }
        if (request.WholePerson) await work.ExecuteAsync("delete from memberships where user_id = @UserId and pending", new { request.UserId }, ct); // asked by an address that they never proved
        if (!await work.QuerySingleAsync<bool>("select exists (select from memberships where user_id = @UserId)", new { request.UserId }, ct))
            await OwnData.ForgetAsync(work, request.UserId, email, ct);
        await PrivacyTable.SetStateAsync(work, request.Id, "running", null, ct);
        await work.CommitAsync(ct);
        foreach (var tenant in accounts) await revocations.TenantAsync(tenant);
        return true;
    }

    /// <summary>As it was when it was asked; where no key opens that any more, as the person has it now: no erasure hangs on a key.</summary>
    private async Task<string> EmailOfAsync(Work work, PrivacyRequest request, CancellationToken ct)
    {
        try
        {
            return sealer.Open(request.SealedEmail!, EmailPurpose);
        }
        catch (UnreadableSecretException e)
        {
            LogUnreadable(log, request.Id, e);
            if (await UserTable.FindAsync(work, request.UserId, ct) is not { } person) throw;
            await work.ExecuteAsync("update privacy_requests set sealed_email = @email where id = @Id", new { email = sealer.Seal(person.Email, EmailPurpose), request.Id }, ct); // for services that are asked again
            return person.Email;
        }
    }

    /// <summary>What somebody asked of another ends with their place in the account; and who has become an owner since is forgotten at an owner's word, not at the admin's who asked.</summary>
    private static async Task<Refusal?> OutrankedAsync(Work work, PrivacyRequest request, CancellationToken ct)
    {
        if (request.WholePerson) return null;
        var asker = await work.QuerySingleOrDefaultAsync<string>(
            """
            select role from memberships where tenant_id = @Tenant and not pending and 'user:' || replace(user_id::text, '-', '') = @RequestedBy
            union all select role from api_keys where tenant_id = @Tenant and 'key:' || replace(id::text, '-', '') = @RequestedBy and revoked_at is null
            """, new { work.Tenant, request.RequestedBy }, ct);
        if (asker is not ("owner" or "admin")) return AskerGone;
        return asker != "owner" && await MemberTable.RoleOfAsync(work, work.Tenant, request.UserId, ct) == "owner" ? MemberRules.OwnersOnly : null;
    }

    private static readonly Refusal AskerGone = new("forbidden", "Whoever asked for it manages the account no more. An owner or admin asks for it anew.");

    private async Task RefuseAsync(Work work, PrivacyRequest request, Refusal refusal, CancellationToken ct)
    {
        await PrivacyTable.SetStateAsync(work, request.Id, "refused", refusal.Detail, ct);
        await work.ActForAsync(new(request.TenantId), ct);
        await SecurityEventTable.AddAsync(work, "erasure-refused", request.PublicId, $"A person could not be forgotten. {refusal.Detail}", null, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>A service with something under way for the person has not answered, and nobody need be told of that yet.</summary>
    private async Task RemindAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        foreach (var asked in (await PrivacyTable.UnansweredErasuresAsync(work, now - options.Value.RemindEvery, ct)).GroupBy(part => (part.RequestId, part.TenantId)))
        {
            await work.ActForAsync(new(asked.Key.TenantId), ct);
            await PrivacyTable.RemindedAsync(work, asked.Key.RequestId, asked.Select(part => part.Service), now, ct); // whether or not it opens: it is not the first in line next time
            string email;
            try { email = sealer.Open(asked.First().SealedEmail, EmailPurpose); }
            catch (UnreadableSecretException) { continue; } // told of when it is overdue
            Ask(work, asked.Key.RequestId, PrivacyRequest.Erasure, asked.First().UserId, email, asked.First().FirstAskedAt);
        }
        await work.CommitAsync(ct);
    }

    private async Task AskAgainAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        foreach (var part in await PrivacyTable.OverdueAsync(work, now - options.Value.ConfirmWithin, ct))
        {
            await work.ActForAsync(new(part.TenantId), ct);
            string email;
            try { email = sealer.Open(part.SealedEmail, EmailPurpose); }
            catch (UnreadableSecretException e)
            {
                LogUnreadable(log, part.RequestId, e); // asked again when the key is back; meanwhile it holds up nobody else
                await PrivacyTable.RemindedAsync(work, part.RequestId, [part.Service], now, ct);
                continue;
            }
            await PrivacyTable.AskedAgainAsync(work, part, now, ct);
            Ask(work, part.RequestId, part.Kind, part.UserId, email, part.FirstAskedAt);
            await work.ActForAsync(new(part.Home), ct);
            await SecurityEventTable.AddAsync(
                work, $"{part.Kind}-unconfirmed", PublicId.Format(part.Kind == PrivacyRequest.Export ? "exp" : "era", part.RequestId),
                $"The service {part.Service} has not confirmed an {part.Kind} of personal data within {options.Value.ConfirmWithin.TotalHours:0} hours. It is asked again; look after it.",
                new { part.Service }, ct);
            LogUnconfirmed(log, part.Service, part.Kind, part.RequestId);
        }
        await work.CommitAsync(ct);
    }

    private async Task CloseAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        await PrivacyTable.CompleteAsync(work, now, ct);
        await PrivacyTable.WipeAsync(work, now - options.Value.ExportKept, now, ct);
        await work.CommitAsync(ct);
    }

    private static async Task AskAllAsync(Work work, PrivacyRequest request, string email, CancellationToken ct)
    {
        var now = work.Now;
        foreach (var service in Participants.Others.Append(Participants.Self)) await PrivacyTable.AddPartAsync(work, request.Id, service, now, ct);
        Ask(work, request.Id, request.Kind, request.UserId, email, now);
    }

    /// <summary>All services hear it; one that has answered answers again, which changes nothing.</summary>
    private static void Ask(Work work, Guid request, string kind, Guid user, string email, DateTimeOffset first)
    {
        if (kind == PrivacyRequest.Export)
            work.Publish(new PersonalDataExportRequested { TenantId = work.Tenant.Value, RequestId = request, UserId = user, Email = email, OccurredAt = work.Now });
        else
            work.Publish(new PersonalDataErasureRequested { TenantId = work.Tenant.Value, RequestId = request, UserId = user, Email = email, FirstAskedAt = first, OccurredAt = work.Now });
    }

    /// <summary>Every account in which something may be kept of the person, or the one whose admin asked: where they belong, where they belonged once, where they are or were asked to join, and that of whoever runs the
    /// installation, who invites, is paid and is told of those who belong nowhere. What stands in the last two by an address alone is theirs only if they have proved it.</summary>
    private static async Task<IReadOnlyList<TenantId>> AccountsAsync(Work work, PrivacyRequest request, CancellationToken ct)
    {
        var home = new TenantId(request.TenantId);
        if (!request.WholePerson) return [home];
        var member = await work.QueryAsync<Guid>(
            """
            select tenant_id from memberships where user_id = @UserId and (not pending or @proved)
            union select tenant_id from past_memberships where user_id = @UserId and (accepted or @proved)
            union select tenant_id from tenants where is_operator and @proved order by 1
            """, new { request.UserId, proved = await UserTable.IsVerifiedAsync(work, request.UserId, ct) }, ct);
        return [.. member.Select(id => new TenantId(id)).Append(home).Distinct()];
    }

    [LoggerMessage(2, LogLevel.Error, "The address of the request {Request} does not open")] private static partial void LogUnreadable(ILogger log, Guid request, Exception e);
    [LoggerMessage(1, LogLevel.Error, "{Service} has not confirmed the {Kind} {Request}; it is asked again")]
    private static partial void LogUnconfirmed(ILogger log, string service, string kind, Guid request);
}

/// <summary>Turns <see cref="PrivacyProcess"/> again and again.</summary>
internal sealed partial class PrivacyWorker(PrivacyProcess process, IOptions<PrivacyOptions> options, TimeProvider clock, ILogger<PrivacyWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, clock);
        do
        {
            try { await process.TurnAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogTurnFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Error, "Going on with exports and erasures failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
}
