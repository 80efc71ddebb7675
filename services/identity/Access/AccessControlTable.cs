using System.Globalization;
using Empire.Data;

namespace Empire.Identity.Access;

internal static class AccessControlTable
{
    private const string Columns = "id, user_id, control_type, control_value, is_active, created_by, created_at";

    /// <summary>What holds for one person of an account, or for its keys: the rules for everyone and those for this person.</summary>
    /// <param name="work">Of the account, or over all.</param>
    /// <param name="user">Null: a key.</param>
    public static async Task<AccessRules> OfAsync(Work work, TenantId tenant, Guid? user, CancellationToken ct)
    {
        var rows = await work.QueryAsync<AccessControl>(
            $"select {Columns} from access_controls where tenant_id = @tenant and is_active and (user_id is null or user_id = @user)", new { tenant, user }, ct);
        var timeouts = rows.Where(row => row.ControlType == AccessControl.SessionTimeout).Select(row => int.Parse(row.ControlValue, CultureInfo.InvariantCulture)).ToList();
        return new(
            [.. rows.Where(row => row.ControlType == AccessControl.IpWhitelist).SelectMany(row => Networks.Split(row.ControlValue))],
            timeouts.Count > 0 ? TimeSpan.FromSeconds(timeouts.Min()) : null);
    }

    public static Task<IReadOnlyList<AccessControl>> ListAsync(Work work, CancellationToken ct) =>
        work.QueryAsync<AccessControl>($"select {Columns} from access_controls where tenant_id = @Tenant order by created_at, id", new { work.Tenant }, ct);

    public static Task<AccessControl?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<AccessControl>($"select {Columns} from access_controls where id = @id and tenant_id = @Tenant for update", new { id, work.Tenant }, ct);

    public static Task AddAsync(Work work, AccessControl control, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into access_controls (id, tenant_id, user_id, control_type, control_value, is_active, created_by, created_at)
            values (@Id, @Tenant, @UserId, @ControlType, @ControlValue, @IsActive, @CreatedBy, @CreatedAt)
            """,
            new { control.Id, work.Tenant, control.UserId, control.ControlType, control.ControlValue, control.IsActive, control.CreatedBy, control.CreatedAt }, ct);

    public static Task SaveAsync(Work work, AccessControl control, CancellationToken ct) =>
        work.ExecuteAsync(
            "update access_controls set control_value = @ControlValue, is_active = @IsActive where id = @Id and tenant_id = @Tenant",
            new { control.ControlValue, control.IsActive, control.Id, work.Tenant }, ct);

    public static Task RemoveAsync(Work work, Guid id, CancellationToken ct) =>
        work.ExecuteAsync("delete from access_controls where id = @id and tenant_id = @Tenant", new { id, work.Tenant }, ct);
}

/// <param name="AllowedNetworks">CIDR; none allows all.</param>
/// <param name="SessionTimeout">The idle time after which a session ends; null: the installation's own.</param>
internal sealed record AccessRules(IReadOnlyList<string> AllowedNetworks, TimeSpan? SessionTimeout);
