using Dapper;
using Empire.Data;
using Empire.Shop;
using Empire.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Empire.Tests.Data;

public sealed class MigrationTests : IAsyncLifetime
{
    private TestDatabase test = null!;

    public async ValueTask InitializeAsync() => test = await TestDatabase.CreateEmptyAsync("shop");
    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Fact]
    public async Task Applied_twice_they_change_nothing_the_second_time()
    {
        await MigrateAsync();
        var first = await AppliedAsync();
        await MigrateAsync();
        Assert.Equal(first, await AppliedAsync());
        Assert.Contains("service/0001_shop.sql", first);
        Assert.Contains("kernel/0001_kernel.sql", first);
    }

    [Fact]
    public async Task Replicas_that_start_together_take_turns()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => MigrateAsync()));
        var applied = await AppliedAsync();
        Assert.Equal(applied.Distinct(), applied);
    }

    [Fact]
    public async Task A_migration_edited_after_it_was_applied_stops_the_start_and_is_named()
    {
        await MigrateAsync();
        await using (var owner = await test.OpenAsOwnerAsync())
            await owner.ExecuteAsync("update kernel.migrations set checksum = 'another text' where name = '0001_shop.sql'");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);
        Assert.Contains("service/0001_shop.sql", refusal.Message);
    }

    [Fact]
    public async Task One_that_says_what_it_was_before_counts_as_applied_under_either_text()
    {
        await MigrateAsync();
        await using var owner = await test.OpenAsOwnerAsync();
        const string former = "0000000000000000000000000000000000000000000000000000000000000f00"; // as the file of the shop says
        await owner.ExecuteAsync("update kernel.migrations set checksum = @former where name = '0001_shop.sql'", new { former });
        await MigrateAsync();
        Assert.Equal(former, await owner.QuerySingleAsync<string>("select checksum from kernel.migrations where name = '0001_shop.sql'"));
    }

    [Fact]
    public async Task A_database_server_that_is_not_up_yet_is_waited_for()
    {
        var real = new NpgsqlConnectionStringBuilder(test.ConnectionString);
        await using var line = new FaultyTcpProxy(real.Host!, real.Port);
        line.Cut();
        var roles = DatabaseRoles.From("shop", new NpgsqlConnectionStringBuilder(test.ConnectionString) { Host = "127.0.0.1", Port = line.Port }.ConnectionString);
        var migration = new MigrationAtStart(roles, typeof(ShopService).Assembly, TimeProvider.System, NullLogger<MigrationAtStart>.Instance);
        var starting = migration.StartingAsync(default);
        Assert.False(starting.IsCompleted);
        line.Restore();
        await starting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotEmpty(await AppliedAsync());
    }

    [Fact]
    public async Task On_a_server_of_ones_own_the_database_is_made_by_whichever_replica_comes_first()
    {
        var name = $"own_{Guid.CreateVersion7():N}";
        var roles = DatabaseRoles.From("shop", new NpgsqlConnectionStringBuilder(test.ConnectionString) { Database = name }.ConnectionString);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => new MigrationAtStart(roles, typeof(ShopService).Assembly, TimeProvider.System, NullLogger<MigrationAtStart>.Instance).StartingAsync(default)))
                .WaitAsync(TimeSpan.FromSeconds(60));
            await using var there = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(roles.Owner) { Pooling = false }.ConnectionString);
            Assert.True(await there.ExecuteScalarAsync<bool>("select exists (select from kernel.migrations where owner = 'service')"));
        }
        finally
        {
            await using var owner = await test.OpenAsOwnerAsync();
            await owner.ExecuteAsync($"drop database if exists {name} with (force)");
        }
    }

    [Fact]
    public async Task A_wrong_password_stops_the_start_instead_of_waiting()
    {
        var roles = DatabaseRoles.From("shop", new NpgsqlConnectionStringBuilder(test.ConnectionString) { Username = "nobody_here", Password = "wrong" }.ConnectionString);
        var migration = new MigrationAtStart(roles, typeof(ShopService).Assembly, TimeProvider.System, NullLogger<MigrationAtStart>.Instance);
        await Assert.ThrowsAsync<PostgresException>(() => migration.StartingAsync(default).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private Task MigrateAsync() => Migrator.MigrateAsync(test.Roles, typeof(ShopService).Assembly, TimeProvider.System, default);

    private async Task<List<string>> AppliedAsync()
    {
        await using var owner = await test.OpenAsOwnerAsync();
        return (await owner.QueryAsync<string>("select owner || '/' || name from kernel.migrations order by applied_at, owner, name")).AsList();
    }
}
