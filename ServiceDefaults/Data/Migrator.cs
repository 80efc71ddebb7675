using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Empire.Data;

/// <summary>Brings a database to the shape this build expects: the kernel's migrations, then the service's own, each once, in order, under a lock
/// that makes replicas take turns. A landed file that was edited since stops the start, unless it says itself what it was:
/// <c>-- formerly {checksum}: why</c>, for a mistake that a later file cannot mend because this one fails or does nothing on some servers.
/// Where the earlier text was applied, it stays so.</summary>
public static partial class Migrator
{
    private const long Lock = 0x656d70697265; // "empire"

    /// <param name="service">Carries <c>Migrations/NNNN_name.sql</c> as embedded resources of that logical name.</param>
    /// <remarks>A database that is not there is made, where the account may.</remarks>
    /// <exception cref="InvalidOperationException">A migration that was applied has another text now.</exception>
    public static Task MigrateAsync(DatabaseRoles roles, Assembly service, TimeProvider clock, CancellationToken ct) => MigrateAsync(roles, service, clock, before: null, ct);

    /// <param name="before">The service's first migration that is left out, as <c>0041</c>, for a database of an earlier release; null: none.</param>
    internal static async Task MigrateAsync(DatabaseRoles roles, Assembly service, TimeProvider clock, string? before, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(roles.Owner) { Pooling = false }.ConnectionString);
        await using var connection = await OpenAsync(source, roles, ct);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_lock(@Lock)", new { Lock }, cancellationToken: ct));
        await PrepareAsync(connection, roles, ct);
        var applied = (await connection.QueryAsync<(string Owner, string Name, string Checksum)>("select owner, name, checksum from kernel.migrations"))
            .ToDictionary(row => (row.Owner, row.Name), row => row.Checksum);
        var scripts = Scripts("kernel", typeof(Migrator).Assembly).Concat(Scripts("service", service).Where(script => before is null || string.CompareOrdinal(script.Name, before) < 0));
        foreach (var script in scripts)
        {
            if (applied.TryGetValue((script.Owner, script.Name), out var checksum))
            {
                if (checksum != script.Checksum && !script.Formerly.Contains(checksum))
                    throw new InvalidOperationException($"Migration {script.Owner}/{script.Name} was changed after it had been applied; add a new one instead.");
                continue;
            }
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(script.Sql, transaction: transaction, commandTimeout: 600, cancellationToken: ct));
            await connection.ExecuteAsync(
                "insert into kernel.migrations (owner, name, checksum, applied_at) values (@Owner, @Name, @Checksum, @now)",
                new { script.Owner, script.Name, script.Checksum, now = clock.GetUtcNow().UtcDateTime }, transaction);
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>On a server of the owner's own nobody has made the service's database yet.</summary>
    /// <exception cref="PostgresException">There is no such database, and the account may not make it: someone else has to.</exception>
    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, DatabaseRoles roles, CancellationToken ct)
    {
        try
        {
            return await source.OpenConnectionAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            if (!await CreateAsync(roles, ct)) throw;
            return await source.OpenConnectionAsync(ct);
        }
    }

    private static async Task<bool> CreateAsync(DatabaseRoles roles, CancellationToken ct)
    {
        var own = new NpgsqlConnectionStringBuilder(roles.Owner);
        await using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(roles.Owner) { Database = "postgres", Pooling = false }.ConnectionString);
        await server.OpenAsync(ct);
        try
        {
            await server.ExecuteAsync(new CommandDefinition($"create database {new NpgsqlCommandBuilder().QuoteIdentifier(own.Database!)}", cancellationToken: ct)); // an identifier cannot be a parameter
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            return true; // another replica was first
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    /// <summary>The roles, the kernel schema and what the roles may do with tables to come. Safe to repeat.</summary>
    private static async Task PrepareAsync(NpgsqlConnection connection, DatabaseRoles roles, CancellationToken ct)
    {
        var ownerPassword = new NpgsqlConnectionStringBuilder(roles.Owner).Password;
        foreach (var role in (string[])[roles.AppRole, roles.SystemRole])
            await EnsureRoleAsync(connection, role, DatabaseRoles.PasswordOf(role, ownerPassword), ct);
        // Identifiers cannot be parameters; these come from the service's own name, and format(%I) quotes them.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            select set_config('empire.app_role', @AppRole, false), set_config('empire.system_role', @SystemRole, false);
            create schema if not exists kernel;
            create table if not exists kernel.migrations (
              owner text not null, name text not null, checksum text not null, applied_at timestamptz not null, primary key (owner, name));
            do $$
            declare role text; space text;
            begin
              execute format('revoke create on schema public from public');
              foreach role in array array[current_setting('empire.app_role'), current_setting('empire.system_role')] loop
                foreach space in array array['public', 'kernel'] loop
                  execute format('grant usage on schema %I to %I', space, role);
                  execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to %I', space, role);
                  execute format('alter default privileges in schema %I grant usage on sequences to %I', space, role);
                end loop;
              end loop;
            end $$;
            """, new { roles.AppRole, roles.SystemRole }, cancellationToken: ct));
    }

    private static async Task EnsureRoleAsync(NpgsqlConnection connection, string role, string password, CancellationToken ct)
    {
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var isAsMeant = await connection.ExecuteScalarAsync<bool?>(
                    "select rolcanlogin and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolinherit) from pg_roles where rolname = @role", new { role }); // null: there is none
                // An owner who is no superuser may not even say again what a role must not be, so that it is said only where it is otherwise. The password is hex, so it needs no escaping.
                var sql = isAsMeant == true ? $"alter role {quoted} password '{password}'" : $"{(isAsMeant is null ? "create" : "alter")} role {quoted} login nosuperuser nobypassrls nocreatedb nocreaterole noinherit password '{password}'";
                await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: ct));
                return;
            }
            // Roles belong to the whole server: another service's or test's migrator may be at the same row right now.
            catch (PostgresException e) when (attempt < 10 && e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.InternalError)
            {
                await Task.Yield();
            }
        }
    }

    private static IEnumerable<Script> Scripts(string owner, Assembly assembly) =>
        assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Script.Read(owner, name, assembly));

    private sealed partial record Script(string Owner, string Name, string Sql, string Checksum)
    {
        /// <summary>Of earlier texts that count as this one.</summary>
        public IReadOnlyList<string> Formerly => [.. Former().Matches(Sql).Select(line => line.Groups["checksum"].Value)];

        public static Script Read(string owner, string resource, Assembly assembly)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var sql = reader.ReadToEnd();
            return new(owner, Path.GetFileName(resource), sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }

        [GeneratedRegex("^-- formerly (?<checksum>[0-9a-f]{64}): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)] private static partial Regex Former();
    }
}
