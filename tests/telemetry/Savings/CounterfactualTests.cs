using Empire.Telemetry.Savings;

namespace Empire.Telemetry.Tests.Savings;

public sealed class CounterfactualTests
{
    private static readonly DateOnly First = new(2026, 3, 2);
    private const long Dollar = 1_000_000, Day = 86_400_000;

    [Fact]
    public void A_steady_cost_that_was_halved_saved_exactly_half()
    {
        var (measured, days, _) = Counterfactual.Of(Days(28, _ => 100 * Dollar), Days(14, _ => 50 * Dollar, from: 29), silenceIsOff: true, seed: 1);
        Assert.Equal((14, new Measured(700 * Dollar, 700 * Dollar, 700 * Dollar, 1_400 * Dollar, 700 * Dollar)), (days, measured));
    }

    [Fact]
    public void Weekends_that_were_always_cheap_are_no_saving()
    {
        static long Week(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 10 * Dollar : 100 * Dollar;
        var after = Days(28, Week, from: 29).Where(day => day.Day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday).ToArray();
        Assert.Equal(0, Counterfactual.Of(Days(28, Week), after, true, 1).Measured!.SavedMicros);
    }

    [Fact]
    public void The_interval_holds_the_truth_about_as_often_as_it_says_and_where_nothing_changed_it_seldom_claims_a_saving()
    {
        const int trials = 200;
        var (held, claimed) = (0, 0);
        for (var trial = 0; trial < trials; trial++)
        {
            var random = new Random(trial);
            // Days of 100 USD that vary by 20 either way, heavier on Mondays.
            long Usual(DateOnly day) => (long)((100 + (day.DayOfWeek == DayOfWeek.Monday ? 30 : 0) + (random.NextDouble() + random.NextDouble() - 1) * 40) * Dollar);
            var before = Days(28, Usual);
            var without = Days(21, Usual, from: 29);
            var after = without.Select(day => day with { Micros = day.Micros - 15 * Dollar }).ToArray();
            var (measured, none) = (Counterfactual.Of(before, after, true, trial).Measured!, Counterfactual.Of(before, without, true, trial).Measured!);
            if (measured.LowMicros <= 315 * Dollar && 315 * Dollar <= measured.HighMicros) held++;
            if (none.LowMicros > 0) claimed++;
            Assert.InRange(measured.SavedMicros, measured.LowMicros, measured.HighMicros);
        }
        Assert.InRange(held, trials * 88 / 100, trials * 99 / 100);
        Assert.InRange(claimed, 0, trials * 7 / 100); // a fortieth is what the interval promises
    }

    [Fact]
    public void The_same_measure_has_the_same_interval_each_time()
    {
        var random = new Random(3);
        var (before, after) = (Days(28, _ => random.Next(100) * Dollar), Days(10, _ => random.Next(50) * Dollar, from: 29));
        Assert.Equal(Counterfactual.Of(before, after, true, 42).Measured, Counterfactual.Of(before, after, true, 42).Measured);
        Assert.NotEqual(Counterfactual.Of(before, after, true, 42).Measured, Counterfactual.Of(before, after, true, 43).Measured);
    }

    [Fact]
    public void Too_little_is_said_instead_of_a_figure()
    {
        Assert.Equal("Only 13 days were watched before; 14 are needed to know what would have been spent.", Counterfactual.Of(Days(13, _ => Dollar), Days(30, _ => 0, from: 29), true, 1).Reason);
        Assert.Equal("6 of the days since can be compared; 7 are needed.", Counterfactual.Of(Days(14, _ => Dollar), Days(6, _ => 0, from: 29), true, 1).Reason);
        Assert.Equal("No price was known before, so that nothing can be said to be saved.", Counterfactual.Of(Days(14, _ => 0), Days(7, _ => 0, from: 29), true, 1).Reason);
    }

    [Fact]
    public void A_silent_host_is_off_only_where_it_was_to_be()
    {
        var (before, after) = (Days(14, _ => 10 * Dollar), Days(10, _ => 0, from: 15).Select(day => day with { WatchedMs = 0 }).ToArray());
        Assert.Equal(100 * Dollar, Counterfactual.Of(before, after, silenceIsOff: true, 1).Measured!.SavedMicros);
        var (measured, days, reason) = Counterfactual.Of(before, after, silenceIsOff: false, 1);
        Assert.Equal((null, 0), (measured, days));
        Assert.Contains("may have cost more than was seen", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_measure_that_cost_more_is_shown_as_that() =>
        Assert.Equal(-70 * Dollar, Counterfactual.Of(Days(14, _ => 10 * Dollar), Days(7, _ => 20 * Dollar, from: 15), true, 1).Measured!.SavedMicros);

    private static CostDay[] Days(int count, Func<DateOnly, long> micros, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(i => First.AddDays(i)).Select(day => new CostDay(day, micros(day), Day))];
}
