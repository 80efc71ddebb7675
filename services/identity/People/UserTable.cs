using Empire.Data;

namespace Empire.Identity.People;

/// <summary>People belong to no tenant: every call here is within system work.</summary>
internal static class UserTable
{
    private const string Columns = "id, email, name, password_hash, role, email_verified_at, created_at, last_login_at";

    public static Task<Person?> FindAsync(Work work, string email, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Person>($"select {Columns} from users where email = @email", new { email }, ct);

    public static Task<Person?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Person>($"select {Columns} from users where id = @id", new { id }, ct);

    /// <summary>With their place among people held fast until the work ends: whoever forgets them comes wholly before it, and they are not found, or wholly after it.</summary>
    public static Task<Person?> HoldAsync(Work work, string email, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Person>($"select {Columns} from users where email = @email for key share", new { email }, ct);

    /// <returns>False when somebody has the address.</returns>
    public static async Task<bool> AddAsync(Work work, Guid id, string email, string? name, string? passwordHash, string role, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into users (id, email, name, password_hash, role, created_at, password_changed_at)
            values (@id, @email, @name, @passwordHash, @role, @now, case when @passwordHash::text is null then null else @now::timestamptz end) on conflict (email) do nothing
            """, new { id, email, name, passwordHash, role, now }, ct) == 1;

    /// <summary>What is kept of their password now; nobody sets another until the work ends.</summary>
    public static Task<string?> LockPasswordAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string>("select password_hash from users where id = @id for no key update", new { id }, ct);

    /// <param name="now">Null where only the hash is made anew: the password stays.</param>
    public static Task SetPasswordAsync(Work work, Guid id, string hash, DateTimeOffset? now, CancellationToken ct) =>
        work.ExecuteAsync("update users set password_hash = @hash, password_changed_at = coalesce(@now, password_changed_at) where id = @id", new { id, hash, now }, ct);

    public static Task SetVerifiedAsync(Work work, Guid id, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync("update users set email_verified_at = coalesce(email_verified_at, @now) where id = @id", new { id, now }, ct);

    /// <summary>Whether they have proved that they read their address.</summary>
    public static Task<bool> IsVerifiedAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleAsync<bool>("select exists (select from users where id = @id and email_verified_at is not null)", new { id }, ct);

    /// <summary>The account under which something about a person is told: the first they belong to (their own, where an invite brought them into another with it), else the operator's.</summary>
    /// <returns>Null in an installation without accounts.</returns>
    public static async Task<TenantId?> HomeAsync(Work work, Guid id, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<Guid?>(
            """
            select tenant_id from tenants t left join memberships m using (tenant_id)
            where (m.user_id = @id and not m.pending) or t.is_operator order by (m.user_id = @id and not m.pending) is true desc, m.created_at, m.role = 'owner' desc limit 1
            """, new { id }, ct) is { } tenant ? new TenantId(tenant) : null;
}

/// <summary>Somebody who may sign in.</summary>
internal sealed record Person
{
    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string? Name { get; init; }

    /// <summary>Null until they have chosen a password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>user, or admin of this installation.</summary>
    public string Role { get; init; } = "user";

    public DateTimeOffset? EmailVerifiedAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastLoginAt { get; init; }
}
