using Dapper;
using Empire.Data;
using Empire.Shop;
using Empire.Testing;
using Npgsql;

namespace Empire.Tests.Data;

public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly TenantId Ada = new(Guid.CreateVersion7());

    private readonly TestClock clock = new(new(2026, 1, 31, 23, 30, 0, TimeSpan.Zero));
    private TestDatabase test = null!;

    public async ValueTask InitializeAsync() => test = await TestDatabase.CreateAsync("shop", typeof(ShopService).Assembly, clock);
    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Theory]
    [InlineData(PartitionSpan.Day, "visits_20260131,visits_20260201,visits_20260202")]
    [InlineData(PartitionSpan.Month, "visits_202601,visits_202602,visits_202603")]
    public async Task The_current_one_and_those_ahead_are_there(PartitionSpan span, string expected)
    {
        await EnsureAsync(new("visits", span, Ahead: 2));
        await EnsureAsync(new("visits", span, Ahead: 2)); // safe to repeat
        Assert.Equal(expected.Split(','), await PartitionNamesAsync());
    }

    [Fact]
    public async Task Several_replicas_may_do_it_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => EnsureAsync(new("visits", PartitionSpan.Day, Ahead: 5))));
        Assert.Equal(6, (await PartitionNamesAsync()).Count);
    }

    [Fact]
    public async Task Old_ones_go_with_their_rows_and_kept_ones_stay()
    {
        var table = new PartitionedTable("visits", PartitionSpan.Day, Ahead: 1, Keep: 2);
        await EnsureAsync(table);
        await VisitAsync(clock.GetUtcNow());
        clock.Advance(TimeSpan.FromDays(2));
        await EnsureAsync(table);
        Assert.Contains("visits_20260131", await PartitionNamesAsync());
        clock.Advance(TimeSpan.FromDays(1));
        await EnsureAsync(table);
        Assert.DoesNotContain("visits_20260131", await PartitionNamesAsync());
    }

    [Fact]
    public async Task A_partition_cannot_be_read_around_its_parent()
    {
        await EnsureAsync(new("visits", PartitionSpan.Month));
        await VisitAsync(clock.GetUtcNow());
        await using var work = await test.Database.BeginAsync(Ada, default);
        Assert.Equal(1, await work.QuerySingleAsync<long>("select count(*) from visits"));
        Assert.Equal(0, await work.QuerySingleAsync<long>("select count(*) from visits_202601"));
        await TenantTables.AssertIsolatedAsync(test);
    }

    [Fact]
    public async Task A_row_without_a_partition_is_refused_rather_than_lost()
    {
        await EnsureAsync(new("visits", PartitionSpan.Day, Ahead: 0));
        await Assert.ThrowsAsync<PostgresException>(() => VisitAsync(clock.GetUtcNow().AddDays(1)));
    }

    private Task EnsureAsync(PartitionedTable table) => new Partitions(test.Roles, clock).EnsureAsync(table, default);

    private async Task VisitAsync(DateTimeOffset at)
    {
        await using var work = await test.Database.BeginAsync(Ada, default);
        await work.ExecuteAsync("insert into visits (tenant_id, seen_at, path) values (@Ada, @at, '/')", new { Ada, at });
        await work.CommitAsync(default);
    }

    private async Task<List<string>> PartitionNamesAsync()
    {
        await using var owner = await test.OpenAsOwnerAsync();
        return (await owner.QueryAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'visits'::regclass order by 1")).AsList();
    }
}
