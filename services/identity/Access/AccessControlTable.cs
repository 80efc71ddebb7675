using System.Globalization;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;

namespace Empire.Identity.Access;

internal static class AccessControlTable
{
    private const string Columns = "id, user_id, control_type, control_value, is_active, by_owner, created_by, created_at";

    /// <summary>What holds for one person of an account, or for its keys: the rules for everyone and those for this person.</summary>
    /// <param name="work">Of the account, or over all.</param>
    /// <param name="user">Null: a key.</param>
    /// <param name="role">Theirs: no white list that an admin set holds for an owner.</param>
    public static async Task<AccessRules> OfAsync(Work work, TenantId tenant, Guid? user, string role, CancellationToken ct)
    {
        var rows = await work.QueryAsync<AccessControl>(
            $"""
            select {Columns} from access_controls where tenant_id = @tenant and is_active and (user_id is null or user_id = @user)
              and (control_type <> '{AccessControl.IpWhitelist}' or by_owner or @role <> 'owner')
            """, new { tenant, user, role }, ct);
        var timeouts = rows.Where(row => row.ControlType == AccessControl.SessionTimeout).Select(row => int.Parse(row.ControlValue, CultureInfo.InvariantCulture)).ToList();
        return new(
            [.. rows.Where(row => row.ControlType == AccessControl.IpWhitelist).SelectMany(row => Networks.Split(row.ControlValue))],
            timeouts.Count > 0 ? TimeSpan.FromSeconds(timeouts.Min()) : null);
    }

    /// <summary>Whether the white lists of an account let one of its people in from where they are.</summary>
    /// <param name="from">Null where no gateway vouched for an address: then nothing speaks against it.</param>
    public static async Task<bool> AdmitAsync(Work work, TenantId tenant, Guid user, string role, ClientAddress? from, CancellationToken ct) =>
        from is null || (await OfAsync(work, tenant, user, role, ct)).AllowedNetworks is not { Count: > 0 } networks || Networks.Contain(networks, from.Value);

    public static Task<IReadOnlyList<AccessControl>> ListAsync(Work work, (DateTimeOffset At, Guid Id)? after, int fetch, CancellationToken ct) =>
        work.QueryAsync<AccessControl>(
            $"""
            select {Columns} from access_controls
            where tenant_id = @Tenant and (@at::timestamptz is null or (created_at, id) < (@at, @id)) order by created_at desc, id desc limit @fetch
            """, new { work.Tenant, at = after?.At, id = after?.Id, fetch }, ct);

    /// <summary>Whether the account may have one rule more.</summary>
    public static Task<Refusal?> FullAsync(Work work, int most, CancellationToken ct) =>
        Bound.CheckAsync(work, "access-controls", work.Tenant.Value, most, "from access_controls where tenant_id = @Tenant", new { work.Tenant },
            $"An account has at most {most} access controls. Remove one, or name several networks in one.", ct);

    public static Task<AccessControl?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<AccessControl>($"select {Columns} from access_controls where id = @id and tenant_id = @Tenant for update", new { id, work.Tenant }, ct);

    public static Task AddAsync(Work work, AccessControl control, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into access_controls (id, tenant_id, user_id, control_type, control_value, is_active, by_owner, created_by, created_at)
            values (@Id, @Tenant, @UserId, @ControlType, @ControlValue, @IsActive, @ByOwner, @CreatedBy, @CreatedAt)
            """,
            new { control.Id, work.Tenant, control.UserId, control.ControlType, control.ControlValue, control.IsActive, control.ByOwner, control.CreatedBy, control.CreatedAt }, ct);

    public static Task SaveAsync(Work work, AccessControl control, CancellationToken ct) =>
        work.ExecuteAsync(
            "update access_controls set control_value = @ControlValue, is_active = @IsActive, by_owner = @ByOwner where id = @Id and tenant_id = @Tenant",
            new { control.ControlValue, control.IsActive, control.ByOwner, control.Id, work.Tenant }, ct);

    public static Task RemoveAsync(Work work, Guid id, CancellationToken ct) =>
        work.ExecuteAsync("delete from access_controls where id = @id and tenant_id = @Tenant", new { id, work.Tenant }, ct);
}

/// <param name="AllowedNetworks">CIDR; none allows all.</param>
/// <param name="SessionTimeout">The idle time after which a session ends; null: the installation's own.</param>
internal sealed record AccessRules(IReadOnlyList<string> AllowedNetworks, TimeSpan? SessionTimeout);
