using System.Net;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Empire.AppHost.Operating.Doctor;

/// <summary>The servers: given by connection strings, or those of the running installation.</summary>
internal static class ServerChecks
{
    public static IEnumerable<Check> All(Installation installation)
    {
        yield return Of(installation, "postgres", "ConnectionStrings__postgres", address => $"Host={address.Host};Port={address.Port};Username=postgres;Password={installation.SecretOf("postgres-password")}", PostgresAsync);
        yield return Of(installation, "redis", "ConnectionStrings__redis", address => $"{address.Host}:{address.Port},password={installation.SecretOf("redis-password")}", RedisAsync);
        yield return Of(installation, "messaging", "ConnectionStrings__messaging", address => $"amqp://guest:{Uri.EscapeDataString(installation.SecretOf("messaging-password") ?? "")}@{address.Host}:{address.Port}", RabbitAsync);
        yield return installation.IsRunning
            ? new("gateway", async ct =>
            {
                using var http = new HttpClient();
                using var answer = await http.GetAsync($"{installation.Gateway}/health", ct);
                return answer.IsSuccessStatusCode ? $"{installation.Gateway} is healthy" : throw new HttpRequestException(await answer.Content.ReadAsStringAsync(ct));
            })
            : new("gateway", null, "Empire is not running; ./empire up starts it.");
    }

    private static Check Of(Installation installation, string name, string setting, Func<DnsEndPoint, string> own, Func<string, CancellationToken, Task<string>> probe)
    {
        if (installation.Settings[setting] is { } external) return new(name, ct => probe(external, ct));
        if (installation.AddressOf(name) is not { } address) return new(name, null, $"Starts with ./empire up; {setting} names a server of your own.");
        return new(name, ct => probe(own(address), ct));
    }

    private static async Task<string> PostgresAsync(string connectionString, CancellationToken ct)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 };
        builder.Database ??= "postgres"; // an account need not have a database of its name
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("select rolsuper or (rolcreatedb and rolcreaterole) from pg_roles where rolname = current_user", connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!
            ? $"{builder.Host}:{builder.Port}, version {connection.PostgreSqlVersion.ToString(2)}"
            : throw new NpgsqlException($"The account '{builder.Username}' may not create databases and roles.");
    }

    private static async Task<string> RedisAsync(string connectionString, CancellationToken ct)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        (options.AbortOnConnectFail, options.ConnectTimeout, options.SyncTimeout) = (true, 3000, 3000);
        using var redis = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(ct);
        var took = await redis.GetDatabase().PingAsync().WaitAsync(ct);
        return $"{redis.GetEndPoints()[0]} answers PING in {took.TotalMilliseconds:0.0} ms";
    }

    private static async Task<string> RabbitAsync(string connectionString, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = new(connectionString), AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = TimeSpan.FromSeconds(5) };
        await using var connection = await factory.CreateConnectionAsync("empire-doctor", ct);
        var version = connection.ServerProperties is { } facts && facts.TryGetValue("version", out var fact) && fact is byte[] text ? System.Text.Encoding.UTF8.GetString(text) : "unknown";
        return $"{factory.HostName}:{factory.Port}, RabbitMQ {version}";
    }
}
