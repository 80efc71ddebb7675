using Empire.Data;

namespace Empire.Identity.Administrators;

/// <summary>Who runs this installation: people of the role admin. One of them who can sign in, so who belongs to an account that is open, always stays.</summary>
internal static class InstallationAdmins
{
    public static Refusal LastOne { get; } = new("last-admin", "An installation needs an admin; make somebody else one first.");

    /// <summary>Asked before somebody loses the role, or their last account. Every admin is held fast until the work ends, in one order: two who take away one each take turns.</summary>
    /// <param name="work">Work that sees the memberships of all accounts.</param>
    public static async Task<bool> IsLastAsync(Work work, Guid user, CancellationToken ct)
    {
        var admins = await work.QueryAsync<Guid>("select id from users where role = 'admin' order by id for update", ct: ct);
        // In a statement of its own, so that the second sees what the first has left.
        return admins.Contains(user) && !await work.QuerySingleAsync<bool>(
            """
            select exists (
              select from users u join memberships m on m.user_id = u.id join tenants t on t.tenant_id = m.tenant_id
              where u.role = 'admin' and u.id <> @user and t.is_active and not m.pending)
            """, new { user }, ct);
    }

    /// <summary>Whether taking a person out of accounts leaves the installation without an admin.</summary>
    /// <inheritdoc cref="IsLastAsync"/>
    public static async Task<bool> LeavesNoneAsync(Work work, Guid user, IReadOnlyCollection<Guid> accounts, CancellationToken ct) =>
        await IsLastAsync(work, user, ct) && !await work.QuerySingleAsync<bool>(
            "select exists (select from memberships join tenants using (tenant_id) where user_id = @user and tenant_id <> all(@accounts) and is_active and not pending)", new { user, accounts = accounts.ToArray() }, ct);
}
