using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Empire.Data;
using Npgsql;

namespace Empire.Testing;

/// <summary>A fresh, migrated database: cloned from a template that is migrated once for all tests of the same migrations, and dropped on dispose.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(string Service, Assembly Assembly), Lazy<Task<string>>> Templates = new();

    private readonly string name;

    private TestDatabase(string service, string name, TimeProvider clock)
    {
        this.name = name;
        ConnectionString = On(name);
        DapperMapping.Register();
        Hooks = new(clock);
        Roles = DatabaseRoles.From(service, ConnectionString);
        Database = Connect(Roles, Hooks);
    }

    /// <summary>Of the owner, as <c>ConnectionStrings:{service}</c> wants it.</summary>
    public string ConnectionString { get; }

    /// <summary>The database as the service's own code sees it.</summary>
    public Database Database { get; }

    internal DatabaseRoles Roles { get; }
    internal WorkHooks Hooks { get; }

    /// <param name="service">The name given to <c>AddDatabase</c>.</param>
    /// <param name="assembly">Carries the service's <c>Migrations/*.sql</c>.</param>
    public static async Task<TestDatabase> CreateAsync(string service, Assembly assembly, TimeProvider? clock = null)
    {
        var template = await Templates.GetOrAdd((service, assembly), key => new(() => TemplateAsync(key.Service, key.Assembly))).Value;
        return new(service, await NewAsync(service, $"template \"{template}\""), clock ?? TimeProvider.System);
    }

    /// <summary>An empty database, for tests of the migrations themselves.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(string service) => new(service, await NewAsync(service, ""), TimeProvider.System);

    /// <summary>The database as another process would see it; hooks of this one do not hear of its work.</summary>
    internal Database ConnectElsewhere(TimeProvider clock) => Connect(Roles, new(clock));

    /// <summary>A connection of the superuser: it sees every tenant's rows, so a test can compare what really is there.</summary>
    public Task<NpgsqlConnection> OpenAsOwnerAsync() => OpenAsync(ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await using var admin = await OpenAsync(TestServers.Postgres);
        await admin.ExecuteAsync($"drop database if exists \"{name}\" with (force)");
    }

    private static Database Connect(DatabaseRoles roles, WorkHooks hooks) => new(roles, hooks, NpgsqlDataSource.Create(roles.App), NpgsqlDataSource.Create(roles.System));

    private static async Task<string> NewAsync(string service, string template)
    {
        var database = $"test_{service}_{Guid.CreateVersion7():n}";
        await using var admin = await OpenAsync(TestServers.Postgres);
        await admin.ExecuteAsync($"create database \"{database}\" {template}");
        return database;
    }

    /// <summary>Named after its migrations, so that another test process finds it ready; the advisory lock lets one process make it.</summary>
    private static async Task<string> TemplateAsync(string service, Assembly assembly)
    {
        var template = $"template_{service}_{Fingerprint(typeof(Migrator).Assembly, assembly)}";
        await using var admin = await OpenAsync(TestServers.Postgres);
        await admin.ExecuteAsync("select pg_advisory_lock(hashtext(@template))", new { template });
        if (await admin.ExecuteScalarAsync<bool>("select exists (select from pg_database where datname = @template and not datallowconn)", new { template })) return template;
        await admin.ExecuteAsync($"drop database if exists \"{template}\" with (force)"); // half made: its maker was killed
        await admin.ExecuteAsync($"create database \"{template}\"");
        await Migrator.MigrateAsync(DatabaseRoles.From(service, On(template)), assembly, TimeProvider.System, CancellationToken.None);
        await admin.ExecuteAsync($"alter database \"{template}\" with allow_connections false"); // nobody disturbs a clone
        return template;
    }

    private static string Fingerprint(params Assembly[] assemblies)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var assembly in assemblies)
        {
            foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                hash.AppendData(Encoding.UTF8.GetBytes(resource)); // a renamed migration is another migration
                hash.AppendData(content);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string On(string database) =>
        new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Database = database, Pooling = true }.ConnectionString;

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
