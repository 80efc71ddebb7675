namespace Empire.Sandbox.Stripe;

static class Periods
{
    /// <summary>The end of the <paramref name="cycle"/>-th period from the anchor, counted from it each time: the 31st stays the last day of every month that has none.</summary>
    /// <param name="count">Intervals in a period.</param>
    public static DateTimeOffset End(DateTimeOffset anchor, string interval, int count, int cycle) => interval switch
    {
        "day" => anchor.AddDays((double)count * cycle),
        "week" => anchor.AddDays(7d * count * cycle),
        "month" => anchor.AddMonths(count * cycle),
        _ => anchor.AddYears(count * cycle),
    };
}
