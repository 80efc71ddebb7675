using Empire.Data;
using Empire.Shop;
using Empire.Testing;
using Npgsql;

namespace Empire.Tests.Data;

/// <summary>What row-level security promises, tried with the very roles the services run under.</summary>
public sealed class TenantIsolationTests : IAsyncLifetime
{
    private static readonly TenantId Ada = new(Guid.CreateVersion7());
    private static readonly TenantId Bob = new(Guid.CreateVersion7());

    private TestDatabase test = null!;
    private Database Database => test.Database;

    public async ValueTask InitializeAsync()
    {
        test = await TestDatabase.CreateAsync("shop", typeof(ShopService).Assembly);
        foreach (var tenant in (TenantId[])[Ada, Bob])
        {
            await using var work = await Database.BeginAsync(tenant, default);
            await work.ExecuteAsync("insert into notes (id, tenant_id, text) values (@id, @tenant, @text)", new { id = Guid.CreateVersion7(), tenant, text = $"of {tenant}" });
            await work.CommitAsync(default);
        }
    }

    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Fact]
    public async Task A_tenant_sees_only_its_own_rows()
    {
        await using var work = await Database.BeginAsync(Ada, default);
        Assert.Equal([$"of {Ada}"], await work.QueryAsync<string>("select text from notes"));
    }

    [Fact]
    public async Task A_row_for_another_tenant_is_refused()
    {
        await using var work = await Database.BeginAsync(Ada, default);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync(
            "insert into notes (id, tenant_id, text) values (@id, @tenant, 'forged')", new { id = Guid.CreateVersion7(), tenant = Bob }));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Another_tenants_row_is_neither_changed_nor_deleted()
    {
        await using var work = await Database.BeginAsync(Ada, default);
        Assert.Equal(0, await work.ExecuteAsync("update notes set text = 'taken' where tenant_id = @Bob", new { Bob }));
        Assert.Equal(0, await work.ExecuteAsync("delete from notes where tenant_id = @Bob", new { Bob }));
    }

    [Theory]
    [InlineData("set local row_security = off; select count(*) from kernel.outbox")]
    [InlineData("set role postgres")]
    [InlineData("alter table notes disable row level security")]
    [InlineData("drop policy tenant on notes")]
    [InlineData("create table loot (id int)")]
    [InlineData("alter role shop_app bypassrls")]
    [InlineData("delete from kernel.migrations")]
    public async Task The_runtime_role_cannot_get_around_it(string attempt)
    {
        await using var work = await Database.BeginAsync(Ada, default);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync(attempt));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Work_over_all_tenants_sees_a_table_only_when_its_migration_says_so()
    {
        await using var work = await Database.BeginSystemAsync(default);
        Assert.Equal(0, await work.QuerySingleAsync<long>("select count(*) from secrets"));
        Assert.Equal(2, await work.QuerySingleAsync<long>("select count(*) from notes"));
    }

    [Fact]
    public async Task Work_over_all_tenants_sees_a_closed_table_of_the_tenant_it_acts_for()
    {
        await using (var ada = await Database.BeginAsync(Ada, default))
        {
            await ada.ExecuteAsync("insert into secrets (tenant_id, text) values (@Ada, 'hers')", new { Ada });
            await ada.CommitAsync(default);
        }
        await using var work = await Database.BeginSystemAsync(default);
        await work.ActForAsync(Bob);
        Assert.Empty(await work.QueryAsync<string>("select text from secrets"));
        await work.ActForAsync(Ada);
        Assert.Equal(["hers"], await work.QueryAsync<string>("select text from secrets"));
    }

    [Fact]
    public async Task Every_table_with_a_tenant_forces_row_level_security() => await TenantTables.AssertIsolatedAsync(test);

    [Theory]
    [InlineData("create table leaky (id uuid primary key, tenant_id uuid not null)")]
    [InlineData("create table leaky (id uuid primary key, tenant_id uuid not null); alter table leaky enable row level security; create policy tenant on leaky using (tenant_id = current_tenant())")]
    [InlineData("create table leaky (id uuid primary key, tenant_id uuid not null); select kernel.tenant_owned('leaky'); create policy wide on leaky using (true)")]
    [InlineData("create table leaky (id uuid primary key, tenant_id uuid not null); select kernel.tenant_owned('leaky'); create policy wide on leaky for insert to shop_app with check (true)")]
    [InlineData("create view leaky as select * from kernel.outbox")]
    [InlineData("create materialized view leaky as select * from kernel.outbox")]
    [InlineData("create function leaky() returns bigint language sql security definer return (select count(*) from kernel.outbox)")]
    public async Task What_opens_a_tenants_rows_is_named(string migration)
    {
        await using (var owner = await test.OpenAsOwnerAsync())
        await using (var command = new NpgsqlCommand(migration, owner))
            await command.ExecuteNonQueryAsync();
        var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => TenantTables.AssertIsolatedAsync(test));
        Assert.Contains("public.leaky", failure.Message);
    }

    [Fact]
    public async Task A_transaction_of_no_tenant_is_the_callers_bug() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Database.BeginAsync(default, default));
}
