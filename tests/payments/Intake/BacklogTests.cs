using Dapper;
using Empire.Data;
using Empire.Payments.Intake;

namespace Empire.Payments.Tests.Intake;

/// <summary>A provider that was away sends everything at once.</summary>
public sealed class BacklogTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task What_is_taken_up_next_is_found_without_reading_all_that_waits(bool fetches)
    {
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) // the planner takes a table that it saw filled and emptied to be nearly empty still
            foreach (var statement in (string[])[
                "insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) select 'stripe', 'settle', 'evt_was' || n, 'pi_was' || n, now(), now() + interval '1 day' from generate_series(1, 12000) as n",
                "vacuum provider_tasks", "delete from provider_tasks where subject like 'evt_was%'", "vacuum provider_tasks"]) await owner.ExecuteAsync(statement);
        await using var work = await app.Database.BeginSystemAsync(CancellationToken.None); // never committed: no worker sees it
        work.NothingToAudit();
        await work.ExecuteAsync(
            """
            insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) select 'stripe', 'settle', 'evt_waits' || n, 'pi_waits' || n, @Now, @Now - interval '1 hour' from generate_series(1, 12000) as n;
            insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) values ('stripe', 'fetch', 'waits', 'waits', @Now, @Now)
            """, new { work.Now });
        var before = await ReadAsync(work);
        if (fetches) Assert.Equal("waits", (await TaskTable.ClaimFetchAsync(work, "stripe", CancellationToken.None))!.Subject);
        else Assert.Equal(8, (await TaskTable.ClaimObjectsAsync(work, 8, CancellationToken.None)).Count);
        Assert.InRange(await ReadAsync(work) - before, 1, 100);
    }

    private static Task<long> ReadAsync(Work work) => work.QuerySingleAsync<long>("select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables where relname = 'provider_tasks'");
}
