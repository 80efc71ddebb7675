using System.Reflection;
using Dapper;
using Empire.Data;
using Npgsql;

namespace Empire.Testing;

/// <summary>A database whose owner is what a hosted server gives: no superuser, but one who may make roles and databases. Row-level security that is forced holds for this owner, too.</summary>
public sealed class PlainOwner : IAsyncDisposable
{
    private readonly string name = $"owned_{Guid.CreateVersion7():n}";
    private readonly DatabaseRoles roles;

    private PlainOwner() =>
        roles = DatabaseRoles.From(name, new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Username = name, Password = "owner-of-tests", Database = name, Pooling = false }.ConnectionString);

    public static async Task<PlainOwner> CreateAsync()
    {
        var owner = new PlainOwner();
        await using var admin = await OpenAsync(TestServers.Postgres);
        await admin.ExecuteAsync($"create role {owner.name} login createdb createrole nosuperuser nobypassrls password 'owner-of-tests'");
        return owner;
    }

    /// <param name="service">Carries the migrations.</param>
    /// <param name="before">The first that is left out, as <c>0041</c>; null: none.</param>
    public Task MigrateAsync(Assembly service, string? before = null) => Migrator.MigrateAsync(roles, service, TimeProvider.System, before, CancellationToken.None);

    /// <summary>A connection of the superuser: it sees and writes every tenant's rows.</summary>
    public Task<NpgsqlConnection> OpenAsync() => OpenAsync(new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Database = name }.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await using var admin = await OpenAsync(TestServers.Postgres);
        await admin.ExecuteAsync($"drop database if exists {name} with (force)");
        foreach (var role in (string[])[roles.AppRole, roles.SystemRole, name]) await admin.ExecuteAsync($"drop role if exists {role}");
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
