using Npgsql;

namespace Empire.Data;

/// <summary>The one database that this service owns, seen by its runtime roles. Neither can bypass row-level security or change a table's shape.</summary>
public sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource app;
    private readonly NpgsqlDataSource system;
    private readonly WorkHooks hooks;

    /// <param name="app">Connects as <see cref="DatabaseRoles.AppRole"/>.</param>
    /// <param name="system">Connects as <see cref="DatabaseRoles.SystemRole"/>.</param>
    internal Database(DatabaseRoles roles, WorkHooks hooks, NpgsqlDataSource app, NpgsqlDataSource system)
    {
        Roles = roles;
        (this.hooks, this.app, this.system) = (hooks, app, system);
    }

    internal DatabaseRoles Roles { get; }

    /// <summary>Opens a transaction that sees and writes only the rows of <paramref name="tenant"/>.</summary>
    /// <exception cref="NpgsqlException">The database is out of reach.</exception>
    public Task<Work> BeginAsync(TenantId tenant, CancellationToken ct) =>
        tenant.Value == Guid.Empty
            ? throw new ArgumentException("A transaction needs a tenant; work over all tenants begins with BeginSystemAsync.", nameof(tenant))
            : Work.BeginAsync(app, tenant, hooks, ct);

    /// <summary>Opens a transaction over all tenants, for workers that claim due rows and for look-ups by a public code. It sees only the tables whose
    /// migration called <c>kernel.system_access</c>. <see cref="Work.ActForAsync"/> then says whose work it is: what it writes and tells is that tenant's, and tables without system access show
    /// that tenant's rows. Those with it go on showing every tenant's: its statements say <c>tenant_id = current_tenant()</c> where they mean one (ADR 0161).</summary>
    public Task<Work> BeginSystemAsync(CancellationToken ct) => Work.BeginAsync(system, default, hooks, ct);

    /// <summary>A connection of the system role outside any transaction, for LISTEN.</summary>
    internal ValueTask<NpgsqlConnection> OpenSystemConnectionAsync(CancellationToken ct) => system.OpenConnectionAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await system.DisposeAsync();
    }
}
