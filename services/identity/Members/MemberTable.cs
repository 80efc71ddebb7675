using Empire.Data;
using Empire.Identity.Bounds;
using Empire.Identity.Invites;
using Empire.Identity.Sessions;

namespace Empire.Identity.Members;

/// <summary>Who belongs to the account of the work; the work is over all tenants, narrowed to that one.</summary>
internal static class MemberTable
{
    /// <summary>Work that sees every person, but of memberships only those of one account, whatever a query says.</summary>
    public static async Task<Work> BeginAsync(Database db, TenantId tenant, CancellationToken ct)
    {
        var work = await db.BeginSystemAsync(ct);
        try
        {
            await work.ActForAsync(tenant, ct);
            await NarrowAsync(work, true, ct);
            return work;
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks what one account alone cannot say, as whether somebody has another; the wall stands again when the answer is there.</summary>
    public static async Task<bool> BeyondAsync(Work work, Func<Task<bool>> question, CancellationToken ct)
    {
        await NarrowAsync(work, false, ct);
        var answer = await question();
        await NarrowAsync(work, true, ct);
        return answer;
    }

    /// <summary>The other way about: asks of one account alone, in work that otherwise looks across.</summary>
    public static async Task<string?> RoleWithinAsync(Work work, TenantId tenant, Guid user, CancellationToken ct)
    {
        await work.ActForAsync(tenant, ct);
        await NarrowAsync(work, true, ct);
        var role = await RoleOfAsync(work, tenant, user, ct);
        await NarrowAsync(work, false, ct);
        return role;
    }

    private static Task NarrowAsync(Work work, bool on, CancellationToken ct) => work.ExecuteAsync("select set_config('empire.narrow', @narrow, true)", new { narrow = on ? "on" : "off" }, ct);

    /// <summary>Whether the account may have one person more, and the person one account.</summary>
    public static async Task<Refusal?> FullAsync(Work work, Guid user, BoundsOptions most, CancellationToken ct)
    {
        if (await AccountFullAsync(work, work.Tenant, most.Members, ct) is { } full) return full;
        Refusal? taken = null;
        await BeyondAsync(work, async () => (taken = await Bound.CheckAsync(
            work, "accounts", user, most.Accounts, "from memberships where user_id = @user", new { user }, $"A person belongs to at most {most.Accounts} accounts. They leave one first.", ct)) is null, ct);
        return taken;
    }

    public static Task<Refusal?> AccountFullAsync(Work work, TenantId tenant, int most, CancellationToken ct) =>
        Bound.CheckAsync(work, "members", tenant.Value, most, "from memberships where tenant_id = @tenant", new { tenant }, $"An account has at most {most} people. Remove one first.", ct);

    public static Task<IReadOnlyList<Member>> ListAsync(Work work, (DateTimeOffset At, Guid Id)? after, int fetch, CancellationToken ct) =>
        work.QueryAsync<Member>(
            """
            select u.id, u.email, u.name, m.role, m.created_at, u.last_login_at from memberships m join users u on u.id = m.user_id
            where m.tenant_id = @Tenant and (@at::timestamptz is null or (m.created_at, m.user_id) > (@at, @id)) order by m.created_at, m.user_id limit @fetch
            """, new { work.Tenant, at = after?.At, id = after?.Id, fetch }, ct);

    /// <returns>Null when they do not belong to the account.</returns>
    public static Task<string?> RoleOfAsync(Work work, TenantId tenant, Guid user, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string>("select role from memberships where tenant_id = @tenant and user_id = @user", new { tenant, user }, ct);

    /// <summary>Their role, held fast until the work ends, and with it every owner's place: two who take away one owner each take turns.</summary>
    /// <param name="also">Held fast too, in the one order: a caller whose own place is looked at next.</param>
    /// <returns>Null when they do not belong here.</returns>
    public static async Task<Standing?> LockAsync(Work work, Guid user, CancellationToken ct, Guid? also = null)
    {
        var rows = await work.QueryAsync<Standing>(
            "select user_id, role, false as only_owner from memberships where tenant_id = @Tenant and (role = 'owner' or user_id = @user or user_id = @also) order by user_id for update",
            new { work.Tenant, user, also }, ct);
        return rows.SingleOrDefault(row => row.UserId == user) is { } own ? own with { OnlyOwner = own.Role == "owner" && rows.Count(row => row.Role == "owner") == 1 } : null;
    }

    public static async Task<bool> AddAsync(Work work, Guid user, string role, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            "insert into memberships (tenant_id, user_id, role, created_at) values (@Tenant, @user, @role, @now) on conflict do nothing", new { work.Tenant, user, role, now }, ct) == 1;

    /// <summary>Keys that they made are no stronger than they are now, invites to here of somebody who no longer manages are void, and their sessions here end: the next begins with the new role.</summary>
    public static async Task SetRoleAsync(Work work, Guid user, string role, CancellationToken ct)
    {
        await work.ExecuteAsync(
            """
            update memberships set role = @role where tenant_id = @Tenant and user_id = @user;
            update api_keys set role = @role
            where tenant_id = @Tenant and created_by = @actor and array_position(@ranked, role) > array_position(@ranked, @role)
            """, new { work.Tenant, user, role, actor = Roles.ActorOf(user), ranked = Roles.Ranked.ToArray() }, ct);
        if (role is not ("owner" or "admin")) await InviteTable.WithdrawAsync(work, user, work.Tenant, joining: true, ct);
        await SessionTable.EndInTenantAsync(work, user, work.Tenant, ct);
    }

    /// <summary>With their sessions here and the keys and invites they made.</summary>
    public static async Task RemoveAsync(Work work, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        await work.ExecuteAsync(
            """
            delete from memberships where tenant_id = @Tenant and user_id = @user;
            update api_keys set revoked_at = @now where tenant_id = @Tenant and created_by = @actor and revoked_at is null
            """, new { work.Tenant, user, now, actor = Roles.ActorOf(user) }, ct);
        await InviteTable.WithdrawAsync(work, user, work.Tenant, joining: false, ct);
        await SessionTable.EndInTenantAsync(work, user, work.Tenant, ct);
    }
}

internal sealed record Member
{
    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string? Name { get; init; }
    public string Role { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastLoginAt { get; init; }
}

internal sealed record Standing(Guid UserId, string Role, bool OnlyOwner);
