using Dapper;
using Empire.Testing;

namespace Empire.Autopilot.Tests.Cycles;

public sealed class AdmissionTests(AutopilotApp app) : IClassFixture<AutopilotApp>
{
    [Fact]
    public async Task A_cycle_that_pauses_just_as_it_is_let_in_stays_paused()
    {
        var id = Guid.CreateVersion7();
        await using var gate = await app.TestDatabase.OpenAsOwnerAsync();
        await using var account = await app.TestDatabase.OpenAsOwnerAsync();
        await using var watch = await app.TestDatabase.OpenAsOwnerAsync();
        await gate.ExecuteAsync("select pg_advisory_lock(hashtext('cycles.admission'))");
        await watch.ExecuteAsync(
            """
            insert into cycles (id, tenant_id, day, source, state, trigger, plan, requested_by, created_at) values (@id, gen_random_uuid(), '2026-03-02', 'networks', 'queued', 'manual', '{}', 'user:ada', now())
            """, new { id });
        await Eventually.TrueAsync(() => WaitsAsync("advisory"));
        await using (var pausing = await account.BeginTransactionAsync())
        {
            await account.ExecuteAsync("update cycles set state = 'paused' where id = @id", new { id }, pausing);
            await gate.ExecuteAsync("select pg_advisory_unlock(hashtext('cycles.admission'))");
            await Eventually.TrueAsync(() => WaitsAsync("transactionid"));
            await pausing.CommitAsync();
        }
        await gate.ExecuteAsync("select pg_advisory_lock(hashtext('cycles.admission'))"); // the admission is over
        Assert.Equal("paused", await watch.QuerySingleAsync<string>("select state from cycles where id = @id", new { id }));

        Task<bool> WaitsAsync(string what) => watch.QuerySingleAsync<bool>(
            """
            select exists (select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and l.locktype = @what and a.datname = current_database())
            """, new { what });
    }
}
