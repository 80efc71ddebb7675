using Dapper;
using Empire.Data;
using Empire.Shop;
using Empire.Testing;
using Npgsql;

namespace Empire.Tests.Data;

/// <summary>The server ends connections that wait in the pool, as a restart does; who asks next must not notice.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private const int Waiting = 6;
    private static readonly TenantId Ada = new(Guid.CreateVersion7());

    private TestDatabase test = null!;
    private Database Database => test.Database;

    public async ValueTask InitializeAsync() => test = await TestDatabase.CreateAsync("shop", typeof(ShopService).Assembly);

    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_server_ended_while_it_waited_costs_nobody_an_answer(bool atOnce)
    {
        await FillAsync(() => Database.BeginAsync(Ada, default));
        await FillAsync(() => Database.BeginSystemAsync(default));
        await EndAllAsync();

        if (atOnce) await Task.WhenAll(Enumerable.Range(0, Waiting).SelectMany(_ => (Task[])[WriteAsync(), LookAsync()]));
        else for (var one = 0; one < Waiting; one++) { await WriteAsync(); await LookAsync(); }

        await using var work = await Database.BeginAsync(Ada, default);
        Assert.Equal(Waiting, await work.QuerySingleAsync<int>("select count(*)::int from notes"));
    }

    [Fact]
    public async Task What_is_cut_after_its_first_answer_is_not_said_again()
    {
        await using (var work = await Database.BeginAsync(Ada, default))
        {
            await AddAsync(work);
            await EndAllAsync();
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => AddAsync(work));
            await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(work));
        }
        await using var after = await Database.BeginAsync(Ada, default);
        Assert.Equal(0, await after.QuerySingleAsync<int>("select count(*)::int from notes"));
    }

    private static async Task FillAsync(Func<Task<Work>> begin)
    {
        var works = await Task.WhenAll(Enumerable.Range(0, Waiting).Select(async _ =>
        {
            var work = await begin();
            await work.ExecuteAsync("select pg_backend_pid()");
            return work;
        }));
        foreach (var work in works) await work.DisposeAsync();
    }

    private async Task EndAllAsync()
    {
        await using var owner = await test.OpenAsOwnerAsync();
        const string others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        Assert.NotEmpty(await owner.QueryAsync<bool>($"select pg_terminate_backend(pid) {others}"));
        await Eventually.EqualAsync(0, () => owner.QuerySingleAsync<int>($"select count(*)::int {others}"));
    }

    private async Task WriteAsync()
    {
        await using var work = await Database.BeginAsync(Ada, default);
        await AddAsync(work);
        await work.CommitAsync(default);
    }

    private async Task LookAsync()
    {
        await using var work = await Database.BeginSystemAsync(default);
        Assert.Equal(1, await work.QuerySingleAsync<int>("select 1"));
    }

    private static Task<int> AddAsync(Work work) =>
        work.ExecuteAsync("insert into notes (id, tenant_id, text) values (@id, @tenant, 'kept')", new { id = Guid.CreateVersion7(), tenant = Ada.Value });
}
