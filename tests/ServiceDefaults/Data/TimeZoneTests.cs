using Dapper;
using Empire.Data;
using Empire.Shop;
using Empire.Testing;

namespace Empire.Tests.Data;

public sealed class TimeZoneTests
{
    [Fact]
    public async Task A_moment_s_day_is_that_of_utc_whatever_the_server_s_zone_is()
    {
        await using var test = await TestDatabase.CreateAsync("shop", typeof(ShopService).Assembly);
        await using (var owner = await test.OpenAsOwnerAsync()) await owner.ExecuteAsync($"alter database \"{owner.Database}\" set timezone to 'Pacific/Auckland'");
        foreach (var begin in (Func<Task<Work>>[])[() => test.Database.BeginAsync(new(Guid.CreateVersion7()), default), () => test.Database.BeginSystemAsync(default)])
        {
            await using var work = await begin();
            Assert.Equal("2026-01-01", await work.QuerySingleAsync<string>("select '2026-01-01T23:30Z'::timestamptz::date::text"));
        }
    }
}
