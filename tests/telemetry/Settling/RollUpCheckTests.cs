using Dapper;
using Empire.Telemetry.Settling;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>In a database of its own, whose sums it spoils.</summary>
public sealed class RollUpCheckTests(PackingApp app) : IClassFixture<PackingApp>
{
    private static readonly DateTimeOffset Start = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-2).AddHours(8);

    [Fact]
    public async Task Sums_that_are_not_what_the_samples_give_are_found_and_named()
    {
        var check = app.Services.GetRequiredService<RollUpCheck>();
        Assert.Null(await check.CompareNextAsync(CancellationToken.None)); // nothing yet
        var random = new Random(3);
        var host = new Host(gpus: 2);
        // Two hours and a half, part of it packed, part not.
        for (var i = 0; i < 10; i++)
        {
            await app.StoreAsync([host.Batch(Start.AddMinutes(i * 15), 90, (_, _) => random.Next(0, 10_000) / 100.0, (sample, _, n) =>
            {
                if (n % 7 == 0) sample.ClearTemperature();
                if (n % 11 == 0) sample.ClearGpuUtil();
                if (n % 11 == 0) sample.MigInstance = 1;
            })]);
            await app.SettledAsync();
        }
        var series = (int)await app.SeeAsync<long>("select count(*) from gpus");
        for (var i = 0; i < series + 1; i++) Assert.Equal([], await check.CompareNextAsync(CancellationToken.None));

        await SpoilAsync("update rollups_minute set util_sum = util_sum + 1 where starts_at = @at", Start.AddMinutes(61));
        Assert.Contains("minute 09:01 has", await FaultsAsync(), StringComparison.Ordinal);
        await SpoilAsync("update rollups_minute set util_sum = util_sum - 1 where starts_at = @at", Start.AddMinutes(61));
        await SpoilAsync("update rollups_hour set cost_micro_ms = cost_micro_ms + 1 where starts_at = @at", Start.AddHours(1));
        Assert.Contains("hour has", await FaultsAsync(), StringComparison.Ordinal);
        await SpoilAsync("update rollups_hour set cost_micro_ms = cost_micro_ms - 1 where starts_at = @at", Start.AddHours(1));
        await SpoilAsync("delete from rollups_minute where starts_at = @at", Start.AddMinutes(62));
        Assert.Contains("minute 09:02 has , its samples give", await FaultsAsync(), StringComparison.Ordinal);

        async Task<string> FaultsAsync()
        {
            var faults = new List<string>();
            for (var i = 0; i < series; i++) faults.AddRange(await check.CompareNextAsync(CancellationToken.None) ?? []);
            return string.Join('\n', faults);
        }

        async Task SpoilAsync(string sql, DateTimeOffset at)
        {
            await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
            Assert.True(await owner.ExecuteAsync(sql, new { at = at.UtcDateTime }) > 0);
        }
    }
}
