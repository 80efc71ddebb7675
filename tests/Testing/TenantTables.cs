using Dapper;
using Xunit;

namespace Empire.Testing;

/// <summary>The guard every service's tests call once: no row of a tenant may be left open by a line of a migration, forgotten or written.</summary>
public static class TenantTables
{
    /// <summary>Triggers of the tests' own, which keep what was published and wake whoever waits for it.</summary>
    private static readonly string[] Ears = ["hear", "tell", "turn"];

    /// <summary>Fails, naming them, for tables with a <c>tenant_id</c> that do not force row-level security or whose policies let the role that serves requests see more than its tenant's rows; for
    /// views that look with their owner's eyes; for materialised views, which have no policies; and for functions that act with their owner's rights.</summary>
    /// <param name="definers">Functions that may act with their owner's rights.</param>
    public static async Task AssertIsolatedAsync(TestDatabase database, params string[] definers)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        var faults = (await owner.QueryAsync<string>(
            """
            with relations as (
              select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind, c.relrowsecurity and c.relforcerowsecurity as forced, c.reloptions,
                     exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as owned
              from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            ), policies as (
              select p.polname, p.polrelid, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid) as seen, pg_get_expr(p.polwithcheck, p.polrelid) as written from pg_policy p
            )
            select name || ' has a tenant_id but does not force row-level security; call kernel.tenant_owned'
              from relations r where relkind in ('r', 'p') and owned and not (forced and exists (select from policies p where p.polrelid = r.oid))
            union all
            select format('%s: its policy %s shows the role that serves requests more than the rows of its tenant: %s', name, polname, coalesce(seen, written))
              from relations r join policies p on p.polrelid = r.oid
              where owned and polpermissive and polroles && array[0::oid, @app::regrole::oid]
                and not (coalesce(seen, 'false') in ('false', '(tenant_id = current_tenant())') and coalesce(written, 'false') in ('false', '(tenant_id = current_tenant())'))
            union all
            select name || ' is a view that sees what its owner sees; create it with (security_invoker = true)'
              from relations where relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)
            union all
            select name || ' is a materialised view, whose rows no policy guards' from relations where relkind = 'm'
            union all
            select format('%I.%I acts with the rights of its owner (security definer) and is not named as allowed to', n.nspname, f.proname)
              from pg_proc f join pg_namespace n on n.oid = f.pronamespace
              where f.prosecdef and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and f.proname <> all (@definers)
            order by 1
            """, new { app = database.Roles.AppRole, definers = (string[])[.. Ears, .. definers] })).AsList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
