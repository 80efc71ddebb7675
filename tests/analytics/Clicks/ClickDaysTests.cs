using Empire.Analytics.Clicks;
using Empire.Data;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests.Clicks;

public sealed class ClickDaysTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    private readonly DateTimeOffset noon = new(2031, 6, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_day_holds_its_own_clicks()
    {
        await new Partitions(app.Services.GetRequiredService<DatabaseRoles>(), new TestClock(noon)).EnsureAsync(new("clicks", PartitionSpan.Day, Ahead: 1), CancellationToken.None);

        Assert.Equal("clicks_20310602", await StoreAsync(noon));
        Assert.Equal("clicks_20310602", await StoreAsync(noon.AddHours(12).AddMilliseconds(-1)));
        Assert.Equal("clicks_20310603", await StoreAsync(noon.AddHours(12)));
    }

    [Fact]
    public async Task The_service_starts_with_today_and_the_two_weeks_to_come() =>
        Assert.True(await app.SeeAsync<long>("select count(*) from pg_inherits where inhparent = 'clicks'::regclass") >= 15);

    private async Task<string> StoreAsync(DateTimeOffset at)
    {
        var click = new Click(ClickId.New(at), app.Tenant, await app.LinkAsync(), Agents.Desktop, null, null);
        await using var work = await app.Database.BeginSystemAsync(CancellationToken.None);
        await ClickTable.AddMissingAsync(work, [click], CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return await app.SeeAsync<string>("select tableoid::regclass::text from clicks where id = @id", new { id = click.Id.Value });
    }
}
