using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Members;

namespace Empire.Identity.Privacy;

/// <summary>What identity itself keeps of a person.</summary>
internal static class OwnData
{
    /// <summary>What happened stays; from where, which is the person's, does not. In every account: what is told of somebody who belongs nowhere is told to the operator.</summary>
    private const string EventsWithoutAddress = "update security_events set details = details - 'address' where entity_id = @id and details -> 'address' is not null";

    /// <param name="work">System work, narrowed to one account.</param>
    public static async Task<string> ExportAsync(Work work, Guid user, CancellationToken ct)
    {
        var json = await work.QuerySingleAsync<string>(
            """
            select jsonb_build_object(
              'person', (select to_jsonb(r) from (select email, name, role, email_verified_at, created_at, last_login_at from users where id = @user) r),
              'membership', (select to_jsonb(r) from (select role, pending, created_at from memberships where tenant_id = @Tenant and user_id = @user) r),
              'sessions', (select jsonb_agg(to_jsonb(r)) from (select address, agent, created_at, last_seen_at from sessions where tenant_id = @Tenant and user_id = @user order by created_at) r),
              'keys_made', (select jsonb_agg(to_jsonb(r)) from (select name, last_four, role, created_at, last_used_at from api_keys where tenant_id = @Tenant and created_by = @actor order by created_at) r),
              'access_controls', (select jsonb_agg(to_jsonb(r)) from (select control_type, control_value, created_at from access_controls where tenant_id = @Tenant and user_id = @user order by created_at) r),
              'security_events', (select jsonb_agg(to_jsonb(r)) from
                (select at, kind, detail, details from security_events where tenant_id = @Tenant and entity_id = @id order by at desc limit 10000) r),
              'audit', (select jsonb_agg(to_jsonb(r)) from
                (select at, action, entity_type, entity_id, details, address from kernel.audit where tenant_id = @Tenant and actor = @actor order by at desc limit 10000) r))::text
            """, new { user, work.Tenant, actor = Roles.ActorOf(user), id = PublicId.Format("usr", user) }, ct);
        return JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).ToDictionary(p => p.Name, p => p.Value));
    }

    /// <summary>Takes a person out of one account; an account that has nobody else, and no key of an owner that lives on without them, is closed.</summary>
    /// <param name="work">System work, narrowed to the account.</param>
    /// <returns>How many rows, or why the account cannot let them go.</returns>
    public static async Task<(int Rows, Refusal? Refusal)> LeaveAsync(Work work, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        if (await MayLeaveAsync(work, user, ct) is { } refusal) return (0, refusal);
        var (belongs, listed) = (await MemberTable.RoleOfAsync(work, work.Tenant, user, ct) is not null, await MemberTable.IsListedAsync(work, user, ct));
        await MemberTable.RemoveAsync(work, user, now, ct);
        var rows = (listed ? 1 : 0) + await work.ExecuteAsync("delete from access_controls where tenant_id = @Tenant and user_id = @user", new { work.Tenant, user }, ct);
        rows += await work.ExecuteAsync($"{EventsWithoutAddress} and tenant_id = @Tenant", new { work.Tenant, id = PublicId.Format("usr", user) }, ct);
        if (!belongs) return (rows, null); // they left before, or never belonged, or had not accepted: the account goes on without them as it did
        await work.ExecuteAsync("select from tenants where tenant_id = @Tenant for no key update", new { work.Tenant }, ct);
        now = work.Now; // in its turn: services hold to the later of two facts
        var closed = await work.ExecuteAsync(
            """
            update tenants set is_active = false, name = 'erased', closed_told_at = @now where tenant_id = @Tenant and not exists (select from memberships where tenant_id = @Tenant and not pending)
              and not exists (select from api_keys where tenant_id = @Tenant and role = 'owner' and revoked_at is null and (expires_at is null or expires_at > @now))
            """, new { work.Tenant, now }, ct);
        if (closed == 0) return (rows, null);
        await work.ExecuteAsync("delete from memberships where tenant_id = @Tenant and pending", new { work.Tenant }, ct); // nobody is there who asks any more
        work.Publish(new AccountClosed { TenantId = work.Tenant.Value, Erased = true, OccurredAt = now });
        return (rows + closed, null);
    }

    /// <summary>The only owner of an account with others in it hands it on first; the operator's account always keeps one.</summary>
    public static async Task<Refusal?> MayLeaveAsync(Work work, Guid user, CancellationToken ct, Guid? also = null)
    {
        if (await MemberTable.LockAsync(work, user, ct, also) is not { OnlyOwner: true }) return null;
        return await work.QuerySingleAsync<bool>(
            "select is_operator or exists (select from memberships m where m.tenant_id = @Tenant and m.user_id <> @user and not m.pending) from tenants where tenant_id = @Tenant", new { work.Tenant, user }, ct)
            ? new Refusal("last-owner", $"The person is the only owner of the account {work.Tenant}. Make somebody else an owner first.")
            : null;
    }

    /// <summary>What is left of a person who belongs nowhere any more: a number. Invites that wait for an address are its holder's, whom nobody knows before it is proved. A wish for a mail that is being served ends
    /// with that, and nobody is found for it (<see cref="People.MailRequestWorker"/>).</summary>
    /// <param name="work">System work.</param>
    public static async Task<int> ForgetAsync(Work work, Guid user, string email, CancellationToken ct)
    {
        var rows = await work.QuerySingleAsync<int>("select forget_rows_of(@user)", new { user }, ct);
        return rows + await work.ExecuteAsync(
            $"""
            {EventsWithoutAddress};
            delete from mail_requests where (email, purpose) in (select email, purpose from mail_requests where email = @email for update skip locked);
            delete from sign_in_tries where email_hash = @hash;
            delete from member_asks where email_hash = @hash;
            update invite_codes set email = null, is_active = false where email = @email and (used_by = @user or exists (select from users where id = @user and email_verified_at is not null));
            update users set email = 'erased-' || replace(id::text, '-', '') || '@erased.invalid', name = null, password_hash = null, role = 'user',
              email_verified_at = null, last_login_at = null, password_changed_at = null where id = @user
            """, new { user, email, id = PublicId.Format("usr", user), hash = SHA256.HashData(Encoding.UTF8.GetBytes(email)) }, ct);
    }
}
