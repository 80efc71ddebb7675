using Empire.Analytics.Clicks;
using Empire.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Empire.Analytics.Tests.Clicks;

public sealed class VisitorsTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    private readonly TestClock clock = new(new(2031, 5, 5, 23, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_visitor_has_one_pseudonym_a_day_in_all_replicas_and_nobody_can_tell_it_later()
    {
        using var one = new Visitors(app.Database, clock, NullLogger<Visitors>.Instance);
        using var other = new Visitors(app.Database, clock, NullLogger<Visitors>.Instance);
        await one.RefreshAsync(CancellationToken.None);
        await other.RefreshAsync(CancellationToken.None);
        var today = clock.GetUtcNow();

        var pseudonym = one.PseudonymOf("203.0.113.9", "browser", today);
        Assert.NotNull(pseudonym);
        Assert.Equal(pseudonym, other.PseudonymOf("203.0.113.9", "browser", today));
        Assert.NotEqual(pseudonym, one.PseudonymOf("203.0.113.10", "browser", today));
        Assert.NotEqual(pseudonym, one.PseudonymOf("203.0.113.9", "another", today));

        var midnight = today.AddHours(2); // the salt of tomorrow is there already
        Assert.NotNull(one.PseudonymOf("203.0.113.9", "browser", midnight));
        Assert.NotEqual(pseudonym, one.PseudonymOf("203.0.113.9", "browser", midnight));

        clock.Advance(TimeSpan.FromDays(2));
        await one.RefreshAsync(CancellationToken.None);
        Assert.Equal(0, await app.SeeAsync<long>("select count(*) from visitor_salts where day = '2031-05-05'"));
        Assert.Null(one.PseudonymOf("203.0.113.9", "browser", today));
    }
}
