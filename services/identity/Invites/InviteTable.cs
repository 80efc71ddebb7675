using Empire.Data;

namespace Empire.Identity.Invites;

internal static class InviteTable
{
    private static readonly Refusal Unknown = new("invite-unknown", "There is no such invite. Check the link, or ask for a new one.");
    private static readonly Refusal Inactive = new("invite-inactive", "This invite was withdrawn. Ask for a new one.");
    private static readonly Refusal Expired = new("invite-expired", "This invite has expired. Ask for a new one.");
    private static readonly Refusal UsedUp = new("invite-used-up", "This invite has been used already. Ask for a new one.");
    private static readonly Refusal NotYours = new("invite-not-yours", "This invite was made out to another address.");

    /// <summary>Takes one use of an invite for a person who is in <c>users</c> already. Where the invite names a role, the person also joins the inviter's account.</summary>
    /// <param name="systemWork">Over all tenants: the person belongs to none yet.</param>
    /// <returns>Null when it was good; otherwise why not, for a 403.</returns>
    public static async Task<Refusal?> RedeemAsync(Work systemWork, string code, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        var hash = InviteCode.Hash(code);
        // One statement checks and takes: of two who race for the last use, the second waits for the first's row and then finds no use left.
        var taken = await systemWork.QuerySingleOrDefaultAsync<Taken>(
            """
            update invite_codes set uses_remaining = uses_remaining - 1, used_by = @user, used_at = @now
            where code = @hash and is_active and uses_remaining > 0 and (expires_at is null or expires_at > @now)
              and (email is null or email = (select email from users where id = @user))
            returning id, tenant_id, role
            """, new { hash, user, now }, ct);
        if (taken is null) return await WhyNotAsync(systemWork, hash, now, ct);
        if (taken.Role is not null)
        {
            await systemWork.ExecuteAsync(
                "insert into memberships (tenant_id, user_id, role, created_at) values (@TenantId, @user, @Role, @now) on conflict do nothing",
                new { taken.TenantId, user, taken.Role, now }, ct);
        }
        systemWork.Audit("invite.redeemed", "invite", PublicId.Format("inv", taken.Id), new { user });
        return null;
    }

    private static async Task<Refusal> WhyNotAsync(Work work, string hash, DateTimeOffset now, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<State>("select is_active, uses_remaining, expires_at from invite_codes where code = @hash", new { hash }, ct) switch
        {
            null => Unknown,
            { IsActive: false } => Inactive,
            { ExpiresAt: { } end } when end <= now => Expired,
            { UsesRemaining: 0 } => UsedUp,
            _ => NotYours,
        };

    private sealed record Taken(Guid Id, Guid TenantId, string? Role);

    private sealed record State
    {
        public bool IsActive { get; init; }
        public int UsesRemaining { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
    }
}
