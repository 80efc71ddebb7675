namespace Empire.Payments.Tiers;

/// <summary>A month of a tier that was paid for.</summary>
/// <param name="LostSince">Since when the payment buys nothing: it was given back, or lost in a dispute. Null: it buys.</param>
internal sealed record PaidMonth(Guid Payment, string Tier, DateTimeOffset CapturedAt, DateTimeOffset? LostSince = null);

/// <summary>From when until when a payment gives its tier.</summary>
/// <param name="From">Not before it was paid.</param>
/// <param name="Until">A month of its own later, and as much later again as a higher tier ran meanwhile. Where the payment was lost, when that was; never before <paramref name="From"/>.</param>
internal sealed record GivenTime(PaidMonth Month, DateTimeOffset From, DateTimeOffset Until);

/// <summary>From when until when a subscription gives a tier, and takes its own money for it.</summary>
/// <param name="Until">Null: it renews itself, and nobody knows until when.</param>
internal sealed record SubscribedTime(string Tier, DateTimeOffset From, DateTimeOffset? Until);

/// <summary>Lays the months that a customer has paid for one after the other, so that none is paid for twice: the highest tier runs first, within a tier the month that was paid first, and what is interrupted by a
/// higher tier goes on behind it. So does what a subscription of the same or a higher tier interrupts. A payment that is lost ends then, and what waits behind it moves up. Of the payments alone: the same whatever order they are told in.</summary>
internal static class PaidTime
{
    private static readonly string[] HighestFirst = ["enterprise", "professional"];

    /// <summary>When a month begins or goes on that waits for a subscription which renews itself. Counted anew when that ends.</summary>
    public static readonly DateTimeOffset Waiting = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="ArgumentException">A tier is none that is sold.</exception>
    public static IReadOnlyList<GivenTime> Of(IReadOnlyCollection<PaidMonth> months, params IReadOnlyCollection<SubscribedTime> subscribed)
    {
        if (months.FirstOrDefault(month => !HighestFirst.Contains(month.Tier)) is { } unknown) throw new ArgumentException($"{unknown.Tier} is no tier that is sold.", nameof(months));
        List<GivenTime> given = [];
        List<(DateTimeOffset From, DateTimeOffset Until)> higher = []; // when others run first, in order of time, without overlaps
        foreach (var tier in HighestFirst)
        {
            higher = Merged([.. higher, .. subscribed.Where(one => one.Tier == tier && (one.Until ?? Waiting) > one.From).Select(one => (one.From, one.Until ?? Waiting))]);
            var free = DateTimeOffset.MinValue;
            foreach (var month in months.Where(month => month.Tier == tier).OrderBy(month => month.CapturedAt).ThenBy(month => month.Payment))
            {
                var from = month.CapturedAt > free ? month.CapturedAt : free;
                if (higher.Find(block => block.From <= from && from < block.Until) is { Until: var over } && over > from) from = over;
                var until = Around(higher, from);
                if (month.LostSince is { } lost && lost < until) until = lost > from ? lost : from;
                given.Add(new(month, from, until));
                free = until;
            }
            higher = Merged([.. higher, .. given.Where(one => one.Month.Tier == tier && one.Until > one.From).Select(one => (one.From, one.Until))]);
        }
        return given;
    }

    /// <summary>When a month that begins at a free moment is used up, where it stands still in the blocks.</summary>
    private static DateTimeOffset Around(List<(DateTimeOffset From, DateTimeOffset Until)> blocks, DateTimeOffset from)
    {
        var until = from.AddMonths(1);
        foreach (var block in blocks.Where(block => block.From >= from).TakeWhile(block => block.From < until)) until += block.Until - block.From;
        return until;
    }

    private static List<(DateTimeOffset From, DateTimeOffset Until)> Merged(List<(DateTimeOffset From, DateTimeOffset Until)> blocks)
    {
        List<(DateTimeOffset From, DateTimeOffset Until)> merged = [];
        foreach (var block in blocks.Order())
            if (merged.Count > 0 && block.From <= merged[^1].Until) merged[^1] = (merged[^1].From, block.Until > merged[^1].Until ? block.Until : merged[^1].Until);
            else merged.Add(block);
        return merged;
    }
}
