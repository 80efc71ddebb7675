using System.Security.Cryptography;
using System.Text;
using Empire.Data;
using Empire.Identity.Bounds;
using Empire.Identity.Invites;
using Empire.Identity.People;
using Empire.Identity.Sessions;

namespace Empire.Identity.Members;

/// <summary>Who belongs to the account of the work; the work is over all tenants, narrowed to that one.</summary>
internal static class MemberTable
{
    private const int AsksOfOne = 3;
    public static readonly TimeSpan AskedWithin = TimeSpan.FromDays(1);

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

    /// <summary>Takes one of the askings that an account has in a day, before anybody looks whose the address is: each brings a mail, or tells that nobody has signed up with it. Taken back, it counts all the
    /// same. The caller commits it, whatever the answer will be.</summary>
    /// <returns>Null when there was one; otherwise why not, for a 409.</returns>
    public static async Task<Refusal?> TakeAskAsync(Work work, string email, BoundsOptions most, DateTimeOffset now, CancellationToken ct)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(email));
        if (await AccountFullAsync(work, work.Tenant, most.Members, ct) is { } full) return full;
        var since = now - AskedWithin; // what is older is cleared away by the sweep: whoever asks locks none of it before the person, as an erasure does not
        if (await Bound.CheckAsync(work, "asks", work.Tenant.Value, most.Asks, "from member_asks where tenant_id = @Tenant and asked_at > @since", new { work.Tenant, since },
            $"An account asks at most {most.Asks} people a day to join it. Ask the next tomorrow.", ct) is { } asked) return asked;
        if (await Bound.CheckAsync(work, "asks", work.Tenant.Value, AsksOfOne, "from member_asks where tenant_id = @Tenant and email_hash = @hash and asked_at > @since", new { work.Tenant, hash, since },
            $"An account asks at the same address at most {AsksOfOne} times a day. Ask again tomorrow.", ct) is { } often) return often;
        await work.ExecuteAsync(
            "insert into member_asks (id, tenant_id, email_hash, asked_at) values (@id, @Tenant, @hash, @now)", new { id = Guid.CreateVersion7(now), work.Tenant, hash, now }, ct);
        return null;
    }

    /// <summary>Whether a person may be asked by one account more.</summary>
    public static async Task<Refusal?> AskedFullAsync(Work work, Guid user, int most, CancellationToken ct)
    {
        Refusal? waiting = null;
        await BeyondAsync(work, async () => (waiting = await Bound.CheckAsync(
            work, "accounts-asking", user, most, "from memberships where user_id = @user and pending", new { user },
            $"At most {most} accounts wait for a person's answer. They answer one first.", ct)) is null, ct);
        return waiting;
    }

    /// <summary>Whether a person may belong to one account more.</summary>
    /// <param name="work">That sees the memberships of all accounts.</param>
    public static Task<Refusal?> PersonFullAsync(Work work, Guid user, int most, CancellationToken ct) => Bound.CheckAsync(
        work, "accounts", user, most, "from memberships where user_id = @user and not pending", new { user }, $"A person belongs to at most {most} accounts. Leave one first.", ct);

    public static Task<Refusal?> AccountFullAsync(Work work, TenantId tenant, int most, CancellationToken ct) =>
        Bound.CheckAsync(work, "members", tenant.Value, most, "from memberships where tenant_id = @tenant", new { tenant }, $"An account has at most {most} people. Remove one first.", ct);

    public static Task<IReadOnlyList<Member>> ListAsync(Work work, (DateTimeOffset At, Guid Id)? after, int fetch, CancellationToken ct) =>
        work.QueryAsync<Member>(
            """
            select u.id, u.email, case when not m.pending then u.name end as name, m.role, m.pending, m.created_at, case when not m.pending then u.last_login_at end as last_login_at from memberships m join users u on u.id = m.user_id
            where m.tenant_id = @Tenant and (@at::timestamptz is null or (m.created_at, m.user_id) > (@at, @id)) order by m.created_at, m.user_id limit @fetch
            """, new { work.Tenant, at = after?.At, id = after?.Id, fetch }, ct);

    /// <returns>Null when they do not belong to the account, or have not accepted yet.</returns>
    public static Task<string?> RoleOfAsync(Work work, TenantId tenant, Guid user, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string>("select role from memberships where tenant_id = @tenant and user_id = @user and not pending", new { tenant, user }, ct);

    /// <summary>Their role, held fast until the work ends, and with it every owner's place: two who take away one owner each take turns.</summary>
    /// <param name="also">Held fast too, in the one order: a caller whose own place is looked at next.</param>
    /// <returns>Null when they neither belong here nor are asked to. Who is only asked is not counted as an owner.</returns>
    public static async Task<Standing?> LockAsync(Work work, Guid user, CancellationToken ct, Guid? also = null)
    {
        var rows = await work.QueryAsync<Standing>(
            "select user_id, role, false as only_owner, pending from memberships where tenant_id = @Tenant and (role = 'owner' or user_id = @user or user_id = @also) order by user_id for update",
            new { work.Tenant, user, also }, ct);
        return rows.SingleOrDefault(row => row.UserId == user) is { } own ? own with { OnlyOwner = Owns(own) && rows.Count(Owns) == 1 } : null;

        static bool Owns(Standing row) => row is { Role: "owner", Pending: false };
    }

    /// <summary>Whether they belong here, or are asked to.</summary>
    public static Task<bool> IsListedAsync(Work work, Guid user, CancellationToken ct) =>
        work.QuerySingleAsync<bool>("select exists (select from memberships where tenant_id = @Tenant and user_id = @user)", new { work.Tenant, user }, ct);

    /// <summary>The same of whoever has an address: the account sees as much in its list.</summary>
    public static Task<bool> IsListedAsync(Work work, string email, CancellationToken ct) => work.QuerySingleAsync<bool>(
        "select exists (select from memberships m join users u on u.id = m.user_id where m.tenant_id = @Tenant and u.email = @email)", new { work.Tenant, email }, ct);

    /// <summary>Accounts ask whoever reads an address. Somebody who has only typed it at the sign-up is not known to be them (ADR 0165).</summary>
    public static Refusal Unconfirmed { get; } = new("address-unconfirmed", "Confirm your address first, by the link of a mail (POST /api/auth/resend-verification sends another): the account asks whoever reads it.");

    /// <summary>Asks somebody to join; until they do, they are listed and no more.</summary>
    /// <returns>False when they are listed already.</returns>
    public static async Task<bool> AskAsync(Work work, Guid user, string role, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            "insert into memberships (tenant_id, user_id, role, pending, created_at) values (@Tenant, @user, @role, true, @now) on conflict do nothing", new { work.Tenant, user, role, now }, ct) == 1;

    /// <summary>Whether an open account waits for the person's answer.</summary>
    /// <param name="work">That sees the memberships of all accounts.</param>
    public static Task<bool> IsAskedAsync(Work work, Guid user, CancellationToken ct) => work.QuerySingleAsync<bool>(
        "select exists (select from memberships join tenants using (tenant_id) where user_id = @user and pending and is_active)", new { user }, ct);

    /// <summary>Holds fast what a person is asked, for who accepts it after what is locked later than memberships.</summary>
    public static Task HoldAskedAsync(Work work, Guid user, CancellationToken ct) =>
        work.ExecuteAsync("select from memberships where user_id = @user and pending order by tenant_id for update", new { user }, ct);

    /// <summary>Their own word: they belong here from now on. The work acts for the account afterwards, whose log says so.</summary>
    /// <param name="work">That sees the memberships of all accounts.</param>
    /// <returns>Why not, or null; also where they belonged before, or are not asked any more.</returns>
    public static async Task<Refusal?> AcceptAsync(Work work, TenantId tenant, Guid user, int mostAccounts, DateTimeOffset now, CancellationToken ct)
    {
        if (await work.QuerySingleOrDefaultAsync<string>(
            "select role from memberships where tenant_id = @tenant and user_id = @user and pending for update", new { tenant, user }, ct) is not { } role) return null;
        if (!await UserTable.IsVerifiedAsync(work, user, ct)) return Unconfirmed;
        if (await PersonFullAsync(work, user, mostAccounts, ct) is { } full) return full;
        await work.ExecuteAsync("update memberships set pending = false, created_at = @now where tenant_id = @tenant and user_id = @user", new { tenant, user, now }, ct);
        await work.ActForAsync(tenant, ct);
        work.Audit("member.joined", "person", PublicId.Format("usr", user), new { role });
        return null;
    }

    /// <param name="work">That sees the memberships of all accounts.</param>
    /// <returns>False where they are not asked.</returns>
    public static async Task<bool> DeclineAsync(Work work, TenantId tenant, Guid user, CancellationToken ct) =>
        await work.ExecuteAsync("delete from memberships where tenant_id = @tenant and user_id = @user and pending", new { tenant, user }, ct) == 1;

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
    public bool Pending { get; init; }
}

internal sealed record Standing(Guid UserId, string Role, bool OnlyOwner, bool Pending);
