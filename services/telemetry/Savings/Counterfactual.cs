namespace Empire.Telemetry.Savings;

/// <summary>What a day cost, and for how long it was watched.</summary>
/// <param name="Micros">US dollars in millionths.</param>
/// <param name="WatchedMs">Time that samples stand for, of all GPUs together.</param>
internal readonly record struct CostDay(DateOnly Day, long Micros, long WatchedMs);

/// <summary>What a measure brought.</summary>
/// <param name="SavedMicros">US dollars in millionths: what the days would have cost less what they did. Negative: it cost more.</param>
/// <param name="LowMicros">With <paramref name="HighMicros"/>, between which it lies in 95 of 100 cases.</param>
internal sealed record Measured(long SavedMicros, long LowMicros, long HighMicros, long ExpectedMicros, long SpentMicros);

/// <summary>What days after a measure would have cost without it: as the same days of the week did before, with days that vary as they did then. The interval is of a bootstrap that draws
/// the days before anew, and the deviations in stretches of a week, so that busy weeks stay together.</summary>
internal static class Counterfactual
{
    /// <summary>Days before a measure that are looked at.</summary>
    public const int DaysBefore = 28;

    /// <summary>Days after it that are looked at: nobody knows what one would be doing a year later.</summary>
    public const int DaysAfter = 90;

    public const int FewestBefore = 14, FewestAfter = 7;
    private const int Draws = 2_000, Stretch = 7;
    private const decimal WatchedEnough = 0.8m;

    /// <param name="before">One for each day, also those that cost nothing; consecutive.</param>
    /// <param name="after">Likewise.</param>
    /// <param name="silenceIsOff">A host that was switched off says nothing, and costs nothing. Of other measures a day that was watched less than usual is left out: it may have cost more than was seen.</param>
    /// <param name="seed">The same gives the same interval.</param>
    /// <returns>Null, and why, where there is too little to say.</returns>
    public static (Measured? Measured, int Days, string? Reason) Of(IReadOnlyList<CostDay> before, IReadOnlyList<CostDay> after, bool silenceIsOff, int seed)
    {
        if (before.Count < FewestBefore) return (null, 0, $"Only {before.Count} days were watched before; {FewestBefore} are needed to know what would have been spent.");
        if (before.Sum(day => day.Micros) == 0) return (null, 0, "No price was known before, so that nothing can be said to be saved.");
        var usual = before.Sum(day => day.WatchedMs) / before.Count;
        var days = after.Where(day => silenceIsOff || day.WatchedMs >= usual * WatchedEnough).ToArray();
        if (days.Length < FewestAfter) return (null, days.Length, $"{days.Length} of the days since can be compared; {FewestAfter} are needed.{(days.Length < after.Count ? " On the others the host reported less than it used to, and may have cost more than was seen." : "")}");

        var weekdays = before.GroupBy(day => day.Day.DayOfWeek).ToDictionary(group => group.Key, group => group.Select(day => (decimal)day.Micros).ToArray());
        var means = weekdays.ToDictionary(weekday => weekday.Key, weekday => weekday.Value.Average());
        // Deviations from a mean that they made themselves are too small by (n − 1) / n in their squares.
        var deviations = before.Select(day => (day.Micros - means[day.Day.DayOfWeek]) * (decimal)Math.Sqrt(weekdays[day.Day.DayOfWeek].Length / (weekdays[day.Day.DayOfWeek].Length - 1.0))).ToArray();
        var (spent, expected) = (days.Sum(day => day.Micros), days.Sum(day => means[day.Day.DayOfWeek]));
        var draws = Draw(days, weekdays, deviations, new Random(seed));
        return (new(Round(expected) - spent, Round(draws[Draws / 40]) - spent, Round(draws[Draws - 1 - Draws / 40]) - spent, Round(expected), spent), days.Length, null);
    }

    /// <summary>What the days together might have cost, in ascending order.</summary>
    private static decimal[] Draw(CostDay[] days, Dictionary<DayOfWeek, decimal[]> weekdays, decimal[] deviations, Random random)
    {
        var counts = days.GroupBy(day => day.Day.DayOfWeek).ToDictionary(group => group.Key, group => group.Count());
        var draws = new decimal[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            var sum = 0m;
            foreach (var (weekday, count) in counts)
            {
                var seen = weekdays[weekday];
                var mean = 0m;
                for (var i = 0; i < seen.Length; i++) mean += seen[random.Next(seen.Length)];
                sum += mean / seen.Length * count;
            }
            for (var at = 0; at < days.Length; at += Stretch)
            {
                var start = random.Next(deviations.Length);
                for (var i = 0; i < Math.Min(Stretch, days.Length - at); i++) sum += deviations[(start + i) % deviations.Length];
            }
            draws[draw] = sum;
        }
        Array.Sort(draws);
        return draws;
    }

    private static long Round(decimal micros) => (long)decimal.Round(micros, MidpointRounding.ToEven);
}
