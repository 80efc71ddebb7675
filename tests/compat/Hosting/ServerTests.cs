using System.Net.Sockets;
using Npgsql;

namespace Aspire.Hosting.Tests;

/// <summary>The three servers, really started; one after the other, since each test starts its own.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task PostgreSQL_makes_its_databases_and_keeps_their_rows_over_a_crash_and_over_a_restart_of_everything()
    {
        var home = TestApplication.NewFolder();
        await using (var first = new TestApplication(home))
        {
            var (shop, app) = await StartAsync(first);
            await ExecuteAsync(shop, "create table t (v text); insert into t values ('kept')");

            var crashed = ProcessIdentity.Of(app.Now("postgres")!.ProcessId!.Value)!.Value;
            crashed.Signal(ProcessIdentity.SigKill);
            await app.ReachAsync("postgres", s => s.IsHealthy && s.ProcessId != crashed.Pid);
            Assert.Equal("kept", await ExecuteAsync(shop, "select v from t"));
            await app.StopAsync();

            var again = new TestApplication(home);
            var (sameShop, _) = await StartAsync(again);
            Assert.Equal(shop, sameShop); // port and password too
            Assert.Equal("kept", await ExecuteAsync(sameShop, "select v from t"));
            await again.StopAsync();
        }

        static async Task<(string Shop, TestApplication App)> StartAsync(TestApplication app)
        {
            var postgres = app.Builder.AddPostgres("postgres").WithArgs("-c", "max_connections=20", "-c", "fsync=off");
            var shop = postgres.AddDatabase("shop-database", "shop");
            app.AddWorker("worker").WithReference(shop, "shop").WaitFor(shop);
            await app.StartAsync();
            await app.HealthyAsync("worker");
            Assert.Equal(await shop.Resource.ConnectionStringExpression.GetValueAsync(), (await app.EnvironmentOfAsync("worker"))["ConnectionStrings__shop"]);
            return ((await shop.Resource.ConnectionStringExpression.GetValueAsync())!, app);
        }
    }

    [Fact]
    public async Task Redis_asks_for_its_password_and_none_is_asked_where_none_is_wanted()
    {
        await using var app = new TestApplication();
        var locked = app.Builder.AddRedis("locked");
        var open = app.Builder.AddRedis("open").WithPassword(null);
        await app.StartAsync();
        await app.HealthyAsync("locked");
        await app.HealthyAsync("open");

        Assert.StartsWith("-NOAUTH", await PingAsync(app.Now("locked")!.Address!));
        Assert.Equal("+PONG", await PingAsync(app.Now("open")!.Address!));
        Assert.Matches(@"^127\.0\.0\.1:\d+,password=[A-Za-z0-9]{22,}$", await locked.Resource.ConnectionStringExpression.GetValueAsync());
        Assert.Matches(@"^127\.0\.0\.1:\d+$", await open.Resource.ConnectionStringExpression.GetValueAsync());
    }

    [Fact]
    public async Task RabbitMQ_lets_its_user_in_and_nobody_else_and_leaves_no_port_mapper_behind()
    {
        await using var app = new TestApplication();
        var rabbit = app.Builder.AddRabbitMQ("messaging");
        await app.StartAsync();
        await app.HealthyAsync("messaging");

        var address = new Uri((await rabbit.Resource.ConnectionStringExpression.GetValueAsync())!);
        var (user, password) = (address.UserInfo.Split(':')[0], address.UserInfo.Split(':')[1]);
        Assert.Null(await AmqpHandshake.TryAsync(address.Host, address.Port, user, password, default));
        Assert.NotNull(await AmqpHandshake.TryAsync(address.Host, address.Port, user, "wrong", default));
        Assert.DoesNotContain("[warning]", app.Log("messaging").Split('\n').Where(line => !line.Contains("wrong", StringComparison.Ordinal) && line.Contains("closed", StringComparison.Ordinal)));

        var mapper = rabbit.Resource.GetEndpoint("epmd").Port;
        Assert.False(PortBook.IsFree(mapper));
        await app.StopAsync();
        Assert.True(PortBook.IsFree(mapper));
    }

    [Fact]
    public async Task A_connection_string_in_configuration_wins_over_a_server()
    {
        await using var app = new TestApplication(null, ("ConnectionStrings:postgres", "Host=db.example.com;Username=u;Password=p"), ("ConnectionStrings:cache", "cache.example.com:6379"));
        var shop = app.Builder.AddPostgres("postgres").AddDatabase("shop");
        var cache = app.Builder.AddRedis("cache");
        app.AddWorker("worker").WithReference(shop).WaitFor(shop).WithReference(cache).WaitFor(cache);
        await app.StartAsync();
        await app.HealthyAsync("worker");

        var environment = await app.EnvironmentOfAsync("worker");
        Assert.Equal("Host=db.example.com;Username=u;Password=p;Database=shop", environment["ConnectionStrings__shop"]);
        Assert.Equal("cache.example.com:6379", environment["ConnectionStrings__cache"]);
        Assert.False(Directory.Exists(Path.Combine(app.Home, "data")));
    }

    private static async Task<string> PingAsync(string address)
    {
        using var client = new TcpClient(address.Split(':')[0], int.Parse(address.Split(':')[1]));
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        return (await reader.ReadLineAsync())!;
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
