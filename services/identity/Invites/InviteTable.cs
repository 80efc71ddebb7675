using Empire.Data;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Empire.Identity.People;

namespace Empire.Identity.Invites;

internal static class InviteTable
{
    private static readonly Refusal Unknown = new("invite-unknown", "There is no such invite. Check the link, or ask for a new one.");
    private static readonly Refusal Inactive = new("invite-inactive", "This invite was withdrawn. Ask for a new one.");
    private static readonly Refusal Expired = new("invite-expired", "This invite has expired. Ask for a new one.");
    private static readonly Refusal UsedUp = new("invite-used-up", "This invite has been used already. Ask for a new one.");
    private static readonly Refusal NotYours = new("invite-not-yours", "This invite was made out to another address.");

    private static readonly Refusal Full = new("account-full", "The account that this invite is for has no room for more people. Tell whoever sent it.");

    /// <summary>Whether the account may have one more invite that is good.</summary>
    public static Task<Refusal?> FullAsync(Work work, int most, DateTimeOffset now, CancellationToken ct) =>
        Bound.CheckAsync(work, "invites", work.Tenant.Value, most,
            "from invite_codes where tenant_id = @Tenant and is_active and uses_remaining > 0 and (expires_at is null or expires_at > @now)", new { work.Tenant, now },
            $"At most {most} invites are good at a time. Withdraw one (DELETE /api/v1/identity/invites/{{id}}), or give one several uses.", ct);

    /// <summary>Withdraws what somebody who may do less now has made: with an invite of their own they would come in again.</summary>
    /// <param name="tenant">Null: in every account.</param>
    /// <param name="joining">Only those that make whoever uses them a member of the account.</param>
    public static Task WithdrawAsync(Work work, Guid maker, TenantId? tenant, bool joining, CancellationToken ct) =>
        work.ExecuteAsync(
            "update invite_codes set is_active = false where is_active and created_by = @actor and (@everywhere or tenant_id = @tenant) and (role is not null or not @joining)",
            new { actor = Roles.ActorOf(maker), everywhere = tenant is null, tenant = tenant?.Value, joining }, ct);

    /// <summary>Whether an invite would let an address in. Takes nothing: who brings no good one is told so before anything is said of the address.</summary>
    /// <param name="work">Over all tenants.</param>
    /// <returns>Null while it is good; otherwise why not, for a 403.</returns>
    public static async Task<Refusal?> JudgeAsync(Work work, string code, string email, DateTimeOffset now, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<State>(
            "select is_active, uses_remaining, expires_at, email is not null and email <> @email as of_another from invite_codes where code = @hash", new { hash = InviteCode.Hash(code), email }, ct) switch
        {
            null => Unknown,
            { IsActive: false } => Inactive,
            { ExpiresAt: { } end } when end <= now => Expired,
            { UsesRemaining: 0 } => UsedUp,
            { OfAnother: true } => NotYours,
            _ => null,
        };

    /// <summary>Takes one use of an invite for a person who is in <c>users</c> already. Where the invite names a role, the person also joins the inviter's account.</summary>
    /// <param name="systemWork">Over all tenants: the person belongs to none yet. It is narrowed to the inviter's account here.</param>
    /// <param name="mostMembers">People that the inviter's account may have.</param>
    /// <returns>Null when it was good; otherwise why not, for a 403.</returns>
    public static async Task<Refusal?> RedeemAsync(Work systemWork, string code, Guid user, int mostMembers, DateTimeOffset now, CancellationToken ct)
    {
        // One statement checks and takes: of two who race for the last use, the second waits for the first's row and then finds no use left.
        var taken = await systemWork.QuerySingleOrDefaultAsync<Taken>(
            """
            update invite_codes set uses_remaining = uses_remaining - 1, used_by = @user, used_at = @now
            where code = @hash and is_active and uses_remaining > 0 and (expires_at is null or expires_at > @now)
              and (email is null or email = (select email from users where id = @user))
            returning id, tenant_id, role
            """, new { hash = InviteCode.Hash(code), user, now }, ct);
        if (taken is null) return await JudgeAsync(systemWork, code, (await UserTable.FindAsync(systemWork, user, ct))!.Email, now, ct) ?? UsedUp;
        await systemWork.ActForAsync(new(taken.TenantId), ct); // the inviter's log tells of it
        if (taken.Role is not null)
        {
            if (await MemberTable.AccountFullAsync(systemWork, new(taken.TenantId), mostMembers, ct) is not null) return Full;
            await systemWork.ExecuteAsync(
                "insert into memberships (tenant_id, user_id, role, created_at) values (@TenantId, @user, @Role, @now) on conflict do nothing",
                new { taken.TenantId, user, taken.Role, now }, ct);
        }
        systemWork.Audit("invite.redeemed", "invite", PublicId.Format("inv", taken.Id), new { person = PublicId.Format("usr", user) });
        if (taken.Role is not null) systemWork.Audit("member.added", "person", PublicId.Format("usr", user), new { taken.Role });
        return null;
    }

    private sealed record Taken(Guid Id, Guid TenantId, string? Role);

    private sealed record State
    {
        public bool IsActive { get; init; }
        public int UsesRemaining { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public bool OfAnother { get; init; }
    }
}
