using Empire.Data;

namespace Empire.Identity.Sessions;

/// <summary>Sessions of people, within system work: a person has them in several accounts.</summary>
internal static class SessionTable
{
    private const string Select =
        """
        select s.id, s.tenant_id, s.user_id, s.token_hash, s.address, s.agent, s.created_at, s.last_seen_at, s.expires_at,
               m.role, t.tier, t.is_active, u.role = 'admin' as operator
        from sessions s
        join users u on u.id = s.user_id
        join tenants t on t.tenant_id = s.tenant_id
        join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id and not m.pending
        """;

    /// <returns>Null when there is none, or its person no longer belongs to its account. It may have gone idle.</returns>
    public static Task<Session?> FindAsync(Work work, byte[] hash, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Session>($"{Select} where s.token_hash = @hash", new { hash }, ct);

    /// <inheritdoc cref="FindAsync(Work, byte[], CancellationToken)"/>
    public static Task<Session?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Session>($"{Select} where s.id = @id", new { id }, ct);

    public static Task<IReadOnlyList<Session>> OfPersonAsync(Work work, Guid user, DateTimeOffset now, (DateTimeOffset At, Guid Id)? after, int fetch, CancellationToken ct) =>
        work.QueryAsync<Session>(
            $"""
            {Select} where s.user_id = @user and s.expires_at > @now and (@at::timestamptz is null or (s.created_at, s.id) < (@at, @id))
            order by s.created_at desc, s.id desc limit @fetch
            """, new { user, now, at = after?.At, id = after?.Id, fetch }, ct);

    /// <summary>Nobody starts, renews or ends all sessions of the person until the work ends: whoever ends them all ends those too that were on their way.</summary>
    public static Task TakeTurnAsync(Work work, Guid user, CancellationToken ct) =>
        work.ExecuteAsync("select from users where id = @user for no key update", new { user }, ct);

    /// <summary>Ends those seen the longest ago, so that with one more there are <paramref name="most"/>. In the person's turn.</summary>
    public static Task MakeRoomAsync(Work work, Guid user, int most, CancellationToken ct) =>
        work.ExecuteAsync(
            "delete from sessions where id in (select id from sessions where user_id = @user order by last_seen_at desc, id desc offset @kept)", new { user, kept = most - 1 }, ct);

    public static Task AddAsync(Work work, Session session, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into sessions (id, tenant_id, user_id, token_hash, address, agent, created_at, last_seen_at, expires_at)
            values (@Id, @TenantId, @UserId, @TokenHash, @Address, @Agent, @CreatedAt, @LastSeenAt, @ExpiresAt)
            """, session, ct);

    public static Task SeenAsync(Work work, Guid id, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync("update sessions set last_seen_at = greatest(last_seen_at, @now) where id = @id", new { id, now }, ct);

    /// <returns>False when it was over before, or is somebody else's.</returns>
    public static async Task<bool> EndAsync(Work work, Guid id, Guid user, CancellationToken ct) =>
        await work.ExecuteAsync("delete from sessions where id = @id and user_id = @user", new { id, user }, ct) == 1;

    /// <param name="but">Stays; null ends them all.</param>
    /// <returns>How many ended.</returns>
    public static async Task<int> EndAllAsync(Work work, Guid user, Guid? but, CancellationToken ct)
    {
        await TakeTurnAsync(work, user, ct);
        return await work.ExecuteAsync("delete from sessions where user_id = @user and id is distinct from @but", new { user, but }, ct);
    }

    public static Task EndInTenantAsync(Work work, Guid user, TenantId tenant, CancellationToken ct) =>
        work.ExecuteAsync("delete from sessions where user_id = @user and tenant_id = @tenant", new { user, tenant }, ct);
}

/// <summary>Somebody's signed-in browser, with what they may do there as of now.</summary>
internal sealed record Session
{
    public Guid Id { get; init; }
    public Guid TenantId { get; init; }
    public Guid UserId { get; init; }
    public byte[] TokenHash { get; init; } = [];
    public string? Address { get; init; }
    public string? Agent { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset LastSeenAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public string Role { get; init; } = "";
    public string Tier { get; init; } = "";
    public bool IsActive { get; init; }
    public bool Operator { get; init; }

    /// <summary>CIDR; none allows all. Only where <see cref="SessionCheck"/> gave the session.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];
}
