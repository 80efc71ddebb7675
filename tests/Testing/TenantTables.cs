using Dapper;
using Xunit;

namespace Empire.Testing;

/// <summary>The guard every service's tests call once: no table of a tenant may be left open by a forgotten line in a migration.</summary>
public static class TenantTables
{
    /// <summary>Fails, naming them, when tables with a <c>tenant_id</c> do not force row-level security or have no policy.</summary>
    public static async Task AssertIsolatedAsync(TestDatabase database)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        var open = (await owner.QueryAsync<string>(
            """
            select format('%I.%I', n.nspname, c.relname)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
            where c.relkind in ('r', 'p')
              and n.nspname not in ('pg_catalog', 'information_schema')
              and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
            order by 1
            """)).AsList();
        Assert.True(open.Count == 0, $"These tables have a tenant_id but do not force row-level security; call kernel.tenant_owned: {string.Join(", ", open)}");
    }
}
