using Empire.Data;

namespace Empire.Publishing.Blog;

public static class SiteTable
{
    /// <param name="system">Work over all tenants; afterwards it acts for the site's.</param>
    /// <returns>The site of the host, else the oldest; null before anything was ever published.</returns>
    public static async Task<Site?> OpenAsync(Work system, string host, BlogOptions options, CancellationToken ct)
    {
        var row = await system.QuerySingleOrDefaultAsync<Row>(
            "select tenant_id, host, name, description from sites order by host = @host desc, created_at, tenant_id limit 1", new { host }, ct);
        if (row is null) return null;
        await system.ActForAsync(new(row.TenantId), ct);
        return row.ToSite(options);
    }

    /// <summary>The tenant's site, made now if this is its first publication: the installation's first takes every host, later ones <c>{tenant}.localhost</c>
    /// until their owner names a better one.</summary>
    public static async Task<Site> EnsureAsync(Database db, TenantId tenant, BlogOptions options, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (await FindAsync(work, tenant, ct) is { } existing) return existing.ToSite(options);
        await work.ExecuteAsync("select pg_advisory_xact_lock(hashtext('sites'))", ct: ct); // only one can be the first
        await work.ActForAsync(tenant, ct);
        await work.ExecuteAsync(
            """
            insert into sites (tenant_id, host, name, description, created_at)
            select @tenant, case when exists (select from sites) then @host else '*' end, @Name, @Description, @now
            on conflict (tenant_id) do nothing
            """, new { tenant, host = $"{tenant.Value.ToString("N")[^12..]}.localhost", options.Name, options.Description, now }, ct);
        var site = (await FindAsync(work, tenant, ct))!.ToSite(options);
        await work.CommitAsync(ct);
        return site;
    }

    /// <returns>Null before the tenant's first publication.</returns>
    public static async Task<Site?> OfTenantAsync(Work work, TenantId tenant, BlogOptions options, CancellationToken ct) => (await FindAsync(work, tenant, ct))?.ToSite(options);

    private static Task<Row?> FindAsync(Work work, TenantId tenant, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Row>("select tenant_id, host, name, description from sites where tenant_id = @tenant", new { tenant }, ct);

    private sealed record Row(Guid TenantId, string Host, string Name, string Description)
    {
        public Site ToSite(BlogOptions options) => new(
            TenantId, Host, Name, Description,
            Host == Site.AnyHost ? options.PublicUrl : new UriBuilder(options.PublicUrl) { Host = Host }.Uri);
    }
}
