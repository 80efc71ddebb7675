using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Aspire.Hosting;

public static class PostgresBuilderExtensions
{
    /// <param name="userName">Null means "postgres".</param>
    /// <param name="password">Null generates one and keeps it.</param>
    /// <param name="port">Null means a free one.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, secret);
        var postgres = builder.AddResource(server).WithEndpoint(port: port, name: PostgresServerResource.PrimaryEndpointName);
        if (builder.Configuration.GetConnectionString(name) is { Length: > 0 })
            return postgres.WithAnnotation(new ConnectionStringRedirectAnnotation(new ConnectionStringResource(name,
                ReferenceExpression.Create($"{new ParameterResource(name, _ => builder.Configuration.GetConnectionString(name)!, secret: true)}"))));
        return postgres.WithAnnotation(new NativeServerAnnotation
        {
            PrepareAsync = (context, ct) => NativePostgres.PrepareAsync(server, context, ct),
            ProbeAsync = ct => NativePostgres.ProbeAsync(server, ct),
            ReadyAsync = ct => NativePostgres.CreateDatabasesAsync(server, ct),
        });
    }

    /// <param name="databaseName">Null takes the resource's name.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database);
    }

    public static IResourceBuilder<PostgresServerResource> WithPassword(this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> password)
    {
        builder.Resource.PasswordParameter = password.Resource;
        return builder;
    }

    public static IResourceBuilder<PostgresServerResource> WithUserName(this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> userName)
    {
        builder.Resource.UserNameParameter = userName.Resource;
        return builder;
    }

    /// <summary>Here the data always outlives a run: it lies in the orchestrator's home.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => builder;

    public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port) =>
        builder.WithEndpoint(PostgresServerResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
}

/// <summary>PostgreSQL as a program of this machine.</summary>
internal static class NativePostgres
{
    private const string Account = "postgres"; // the server refuses to run as root; distributions bring this account with the package

    public static async Task<NativeProgram> PrepareAsync(PostgresServerResource server, NativeServerContext context, CancellationToken ct)
    {
        var folder = Path.Combine(context.DataDirectory, "data");
        var initdb = NativeProgram.Find("initdb", "postgresql", "/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb");
        if (!File.Exists(Path.Combine(folder, "PG_VERSION"))) await InitialiseAsync(server, context, initdb, folder, ct);
        return As(new NativeProgram(Path.Combine(Path.GetDirectoryName(initdb)!, "postgres"),
            ["-D", folder, "-p", $"{server.PrimaryEndpoint.Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", .. context.Arguments])
        {
            StopSignal = NativeProgram.Interrupt, // "fast": clients are cut off, everything is written
        }, context);
    }

    public static async Task<string?> ProbeAsync(PostgresServerResource server, CancellationToken ct)
    {
        try
        {
            await using var connection = await OpenAsync(server, ct);
            return null;
        }
        catch (NpgsqlException e)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }

    public static async Task CreateDatabasesAsync(PostgresServerResource server, CancellationToken ct)
    {
        await using var connection = await OpenAsync(server, ct);
        foreach (var database in server.Databases.Values)
        {
            await using var look = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
            if (await look.ExecuteScalarAsync(ct) is not null) continue;
            await using var create = new NpgsqlCommand($"create database {new NpgsqlCommandBuilder().QuoteIdentifier(database)}", connection); // an identifier cannot be a parameter
            await create.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task InitialiseAsync(PostgresServerResource server, NativeServerContext context, string initdb, string folder, CancellationToken ct)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true); // an initialisation that was cut off
        var passwordFile = Path.Combine(context.DataDirectory, "initial-password");
        await File.WriteAllTextAsync(passwordFile, await server.PasswordParameter.GetValueAsync(ct), ct);
        try
        {
            if (Environment.IsPrivilegedProcess) await context.RunAsync(new NativeProgram("chown", ["-R", Account, context.DataDirectory]), ct);
            else File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead);
            // Written to a folder of another name first, so that a half-made one is never taken for a whole one.
            var user = server.UserNameParameter is { } given ? await given.GetValueAsync(ct) : "postgres";
            await context.RunAsync(As(new NativeProgram(initdb, ["-D", folder + ".new", "-U", user!, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", "--locale=C.UTF-8"]), context), ct);
            Directory.Move(folder + ".new", folder);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static NativeProgram As(NativeProgram program, NativeServerContext context) => program with { User = Account, WorkingDirectory = context.DataDirectory };

    private static async Task<NpgsqlConnection> OpenAsync(PostgresServerResource server, CancellationToken ct)
    {
        var text = await server.ConnectionStringExpression.GetValueAsync(ct);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Database = "postgres", Pooling = false, Timeout = 4 }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
