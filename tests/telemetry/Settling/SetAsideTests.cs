using Empire.Telemetry.Settling;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>Who cannot be settled is tried again soon.</summary>
public sealed class SetAsideApp : TelemetryApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Settling:FirstPause", "00:00:00.050"), new("Settling:LongestPause", "00:00:00.200"), new("Settling:CheckEvery", "1.00:00:00")];
}

/// <summary>One agent's samples never keep those of others from being summed.</summary>
public sealed class SetAsideTests(SetAsideApp app) : IClassFixture<SetAsideApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task An_agent_that_cannot_be_settled_is_set_aside_and_seen_until_it_can_be()
    {
        var (broken, others) = (new Host("broken"), Enumerable.Range(0, 3).Select(i => new Host($"other-{i}")).ToArray());
        await app.StoreAsync([broken.Batch(Now.AddHours(-1), 6, (_, _) => 50)]);
        await Eventually.EqualAsync(6L, () => SummedAsync(broken));
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) // the oldest that waits, and no bytes of samples
            await Dapper.SqlMapper.ExecuteAsync(owner,
                """
                with row as (insert into intake (tenant_id, agent_id, received_at, samples, data) select tenant_id, id, now(), 1, '\xffffff' from agents where id = @Id returning id)
                update agents set stored_to = row.id, unsettled_since = now() - interval '1 hour' from row where agents.id = @Id
                """, new { broken.Id });
        foreach (var other in others)
        {
            await app.StoreAsync([other.Batch(Now.AddHours(-1), 30, (_, n) => n)]);
            await Eventually.EqualAsync(30L, () => SummedAsync(other));
        }
        await Eventually.TrueAsync(async () => await app.SeeAsync<int>("select failures from settlements where agent_id = @Id", new { broken.Id }) >= 3);
        Assert.NotEmpty(await app.SeeAsync<string>("select failure from settlements where agent_id = @Id", new { broken.Id }));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync());

        await app.SeeAsync<long>("delete from intake where agent_id = @Id and data = '\\xffffff' returning id", new { broken.Id });
        await app.StoreAsync([broken.Batch(Now.AddMinutes(-30), 6, (_, _) => 50)]);
        await Eventually.EqualAsync(12L, () => SummedAsync(broken));
        Assert.Equal((0, null), (await app.RowsAsync<(int, DateTime?)>("select failures, retry_at from settlements where agent_id = @Id", new { broken.Id })).Single());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
    }

    [Fact]
    public void Pauses_between_tries_grow_and_end_at_the_longest()
    {
        var pauses = Enumerable.Range(1, 40).Select(failures => new SettleOptions().PauseAfter(failures)).ToArray();
        Assert.Equal([1, 2, 4, 8], pauses.Take(4).Select(pause => (int)pause.TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(1), pauses[^1]);
        Assert.Equal(pauses, pauses.Order());
    }

    [Fact]
    public async Task Whatever_counters_say_all_is_summed()
    {
        var (liar, honest) = (new Host("liar"), new Host("honest"));
        await app.StoreAsync([liar.Batch(Now.AddHours(-2), 3, (_, _) => 50, (sample, _, n) => sample.Energy = n == 1 ? (ulong)long.MaxValue : 1UL)]);
        await app.StoreAsync([honest.Batch(Now.AddHours(-2), 3, (_, _) => 50)]);
        await Eventually.EqualAsync(3L, () => SummedAsync(honest));
        await Eventually.EqualAsync(3L, () => SummedAsync(liar));
        Assert.Equal(3 * 2_005_000, await app.SeeAsync<long>("select sum(r.energy_mj)::bigint from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { liar.Id }));
    }

    private async Task<HealthStatus> HealthAsync() =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "settling", TestContext.Current.CancellationToken)).Entries["settling"].Status;

    private Task<long> SummedAsync(Host host) =>
        app.SeeAsync<long>("select coalesce(sum(r.samples), 0)::bigint from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id });
}
