using Dapper;
using Empire.Telemetry.Fleet;
using Empire.Telemetry.Savings;
using Empire.Telemetry.Settling;

namespace Empire.Telemetry.Tests.Fleet;

/// <summary>A hundred accounts with three GPUs each: whoever asks reads their own rows, not everybody's.</summary>
public sealed class ManyAccountsApp : TelemetryApp
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            create temporary table crowd as select gen_random_uuid() as tenant_id, gen_random_uuid() as agent_id, n from generate_series(1, 100) n;
            update crowd set tenant_id = @tenant where n = 50;
            insert into accounts (tenant_id, email) select tenant_id, 'someone-' || n || '@example.com' from crowd;
            insert into agents (tenant_id, id, first_seen_at, last_seen_at) select tenant_id, agent_id, now(), now() from crowd;
            insert into gpus (tenant_id, agent_id, gpu_index, gpu_name) select tenant_id, agent_id, i, 'Tesla V100' from crowd, generate_series(0, 2) i;
            insert into gpu_states (gpu_id, tenant_id, last_at, rate_micros, latest, state) select id, tenant_id, now(), 1, '{}', '{}' from gpus;
            """, new { tenant = Tenant.Value });
        foreach (var (table, step, count) in new[] { ("rollups_minute", "1 minute", 120), ("rollups_hour", "1 hour", 240), ("rollups_day", "1 day", 100) })
            await owner.ExecuteAsync(
                $"""
                insert into {table} (tenant_id, gpu_id, starts_at, samples, ms, util_sum, util_min, util_max, mem_used_sum, mem_used_max, mem_total_max, temperatures, temperature_sum, powers, power_sum, energy_mj, idle_ms,
                  cost_micro_ms, waste_micro_ms)
                select g.tenant_id, g.id, date_trunc('minute', now()) - n * interval '{step}', 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1 from gpus g, generate_series(1, {count}) n
                """);
        await owner.ExecuteAsync("insert into chunks (tenant_id, gpu_id, starts_at, ends_at, stored_at, samples, data) select g.tenant_id, g.id, now(), now(), now(), 1, '' from gpus g, generate_series(1, 50)");
        await owner.ExecuteAsync("analyze (verbose false)");
    }
}

public sealed class QueryPlanTests(ManyAccountsApp app) : IClassFixture<ManyAccountsApp>
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    [Theory]
    [InlineData(RollUpStep.Minute, 2)]
    [InlineData(RollUpStep.Hour, 200)]
    [InlineData(RollUpStep.Day, 2_000)]
    internal Task History_finds_its_rows_by_their_key(RollUpStep step, int hours) => FindsOwnAsync(
        RollUpTable.NameOf(step), ShowHistory.Sql(step), new { tenant = app.Tenant.Value, start = Now.AddHours(-hours), end = Now, agentId = (Guid?)null, gpuIndex = (int?)null });

    [Fact]
    public Task The_fleet_finds_its_rows_by_their_key() => FindsOwnAsync("rollups_day", ShowFleet.SumsSql, new { tenant = app.Tenant.Value, since = Now.AddDays(-30), before = Now });

    [Fact]
    public async Task Advice_finds_its_rows_by_their_key()
    {
        var parameters = new { tenant = app.Tenant.Value, since = Now.AddDays(-14), heard = Now.AddDays(-1), on = Now.AddDays(-3) };
        await FindsOwnAsync("rollups_hour", AdviceReader.GpusSql, parameters);
        await FindsOwnAsync("rollups_hour", AdviceReader.HoursSql, parameters);
    }

    [Fact]
    public Task What_was_wasted_is_found_by_its_key() => FindsOwnAsync("rollups_day", SavingsTeller.WastedSql, new { });

    [Fact]
    public async Task Usage_logs_of_a_customer_are_found_from_their_address()
    {
        var plan = await FindsOwnAsync("chunks", "select * from gpu_usage_logs where customer_email = @email", new { email = "someone-50@example.com" });
        Assert.DoesNotContain("Seq Scan on gpus", plan, StringComparison.Ordinal);
    }

    /// <summary>No partition that has rows is read from end to end, and its index is asked for one GPU at a time.</summary>
    private async Task<string> FindsOwnAsync(string table, string sql, object parameters)
    {
        var filled = await app.RowsAsync<string>("select relname from pg_class where relkind = 'r' and reltuples > 0 and (relname = @table or relname like @table || '\\_%')", new { table });
        await using var work = await app.Database.BeginAsync(app.Tenant, TestContext.Current.CancellationToken);
        var plan = string.Join('\n', await work.QueryAsync<string>("explain (costs off) " + sql, parameters, TestContext.Current.CancellationToken));
        Assert.NotEmpty(filled);
        Assert.All(filled, partition => Assert.False(plan.Contains($"Seq Scan on {partition}", StringComparison.Ordinal), plan));
        Assert.True(System.Text.RegularExpressions.Regex.IsMatch(plan, @"Index Cond: \(+gpu_id = "), plan);
        return plan;
    }
}
