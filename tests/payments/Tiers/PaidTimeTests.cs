using Empire.Payments.Tiers;
using FsCheck;
using FsCheck.Fluent;

namespace Empire.Payments.Tests.Tiers;

/// <summary>No day is paid for twice, and none that is paid for is lost.</summary>
public sealed class PaidTimeTests
{
    private const string Professional = "professional", Enterprise = "enterprise";
    private static readonly DateTimeOffset Dawn = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_renewal_five_days_early_begins_when_the_month_before_it_ends() =>
        Assert.Equal([(Day(0), Dawn.AddMonths(1)), (Dawn.AddMonths(1), Dawn.AddMonths(2))], Of((Professional, 0, null), (Professional, 26, null)));

    [Fact]
    public void Two_of_one_moment_are_two_months() =>
        Assert.Equal([(Day(0), Dawn.AddMonths(1)), (Dawn.AddMonths(1), Dawn.AddMonths(2))], Of((Professional, 0, null), (Professional, 0, null)));

    [Fact]
    public void A_month_after_a_pause_begins_when_it_is_paid() => Assert.Equal([(Day(0), Dawn.AddMonths(1)), (Day(40), Day(40).AddMonths(1))], Of((Professional, 0, null), (Professional, 40, null)));

    [Fact]
    public void A_rise_in_the_middle_runs_at_once_and_the_rest_of_the_lower_month_behind_it()
    {
        var enterprise = (From: Day(10), Until: Day(10).AddMonths(1));
        Assert.Equal([enterprise, (Day(0), enterprise.Until + (Dawn.AddMonths(1) - Day(10)))], Of((Professional, 0, null), (Enterprise, 10, null)));
    }

    [Fact]
    public void A_lower_tier_that_is_bought_meanwhile_waits() =>
        Assert.Equal([(Day(0), Dawn.AddMonths(1)), (Dawn.AddMonths(1), Dawn.AddMonths(2))], Of((Enterprise, 0, null), (Professional, 10, null)));

    [Fact]
    public void The_first_of_two_given_back_lets_the_second_begin_then() => Assert.Equal([(Day(0), Day(12)), (Day(12), Day(12).AddMonths(1))], Of((Professional, 0, 12), (Professional, 5, null)));

    [Fact]
    public void The_second_of_two_given_back_before_it_began_leaves_the_first_as_it_is_and_the_third_behind_it() =>
        Assert.Equal([(Day(0), Dawn.AddMonths(1)), (Dawn.AddMonths(1), Dawn.AddMonths(1)), (Dawn.AddMonths(1), Dawn.AddMonths(2))], Of((Professional, 0, null), (Professional, 3, 9), (Professional, 5, null)));

    [Fact]
    public void A_rise_that_is_given_back_lets_the_lower_one_go_on_at_once() => Assert.Equal([(Day(10), Day(14)), (Day(0), Dawn.AddMonths(1).AddDays(4))], Of((Professional, 0, null), (Enterprise, 10, 14)));

    [Fact]
    public void A_month_that_was_over_when_it_was_given_back_moves_nothing() => Assert.Equal([(Day(0), Dawn.AddMonths(1)), (Dawn.AddMonths(1), Dawn.AddMonths(2))], Of((Professional, 0, 45), (Professional, 20, null)));

    [Fact]
    public void A_tier_that_is_not_sold_is_refused() => Assert.Throws<ArgumentException>(() => PaidTime.Of([new(Guid.CreateVersion7(), "gold", Dawn)]));

    private static readonly Gen<PaidMonth[]> Histories = Gen.Sized(_ =>
        from count in Gen.Choose(1, 9)
        from months in Gen.ArrayOf(
            from tier in Gen.Elements(Professional, Professional, Enterprise)
            from paid in Gen.Choose(0, 200)
            from lost in Gen.Frequency((3, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 60).Select(days => (int?)days)))
            select new PaidMonth(Guid.CreateVersion7(), tier, Day(paid), lost is { } days ? Day(paid + days) : null), count)
        select months);

    /// <summary>Counted day by day, by other rules than it is laid out by: each day uses up one day of the highest tier that has any left, the one paid first.</summary>
    [Fact]
    public void Day_by_day_the_tier_is_the_highest_that_has_days_left() => Prop.ForAll(Histories.ToArbitrary(), months =>
    {
        var given = PaidTime.Of(months);
        Assert.Equal(given.OrderBy(one => one.Month.Payment), PaidTime.Of([.. months.Reverse()]).OrderBy(one => one.Month.Payment)); // whatever the order
        var left = new Dictionary<Guid, int>();
        for (var day = 0; day < 600; day++)
        {
            var now = Day(day);
            var running = months.Where(month => month.CapturedAt <= now && !(month.LostSince <= now) && left.GetValueOrDefault(month.Payment, 1) > 0)
                .OrderByDescending(month => month.Tier == Enterprise).ThenBy(month => month.CapturedAt).ThenBy(month => month.Payment).FirstOrDefault();
            var shown = given.Where(one => one.From <= now && now < one.Until).OrderByDescending(one => one.Month.Tier == Enterprise).FirstOrDefault();
            Assert.Equal((running?.Payment, day), (shown?.Month.Payment, day));
            if (running is not null) left[running.Payment] = left.GetValueOrDefault(running.Payment, (now.AddMonths(1) - now).Days) - 1; // a month is as long as where it begins
        }
    }).QuickCheckThrowOnFailure();

    private static DateTimeOffset Day(int day) => Dawn.AddDays(day);

    /// <returns>From when until when, the highest tier first, within a tier in order of payment.</returns>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Of(params (string Tier, int Paid, int? Lost)[] months) =>
        PaidTime.Of([.. months.Select(month => new PaidMonth(Guid.CreateVersion7(), month.Tier, Day(month.Paid), month.Lost is { } lost ? Day(lost) : null))]).Select(one => (one.From, one.Until));
}
