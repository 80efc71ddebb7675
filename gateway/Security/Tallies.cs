namespace Empire.Gateway.Security;

/// <summary>How often the same has happened, by who and what, since it was last summed up. Who comes from ever new addresses is counted together once there are <see cref="MostKeys"/>.</summary>
internal sealed class Tallies
{
    /// <summary>So many of one kind and origin are told singly, until they are summed up.</summary>
    public const int Singly = 10;

    private const int MostKeys = 10_000;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Kind, string Who), Tally> tallies = [];

    /// <returns>Which one it is since the last sum; and whether it is the first after a quiet minute.</returns>
    public (long Number, bool First) Add(SecurityEvent happened, string who)
    {
        lock (gate)
        {
            if (!tallies.TryGetValue((happened.Kind, who), out var tally))
            {
                var key = (happened.Kind, tallies.Count < MostKeys ? who : Everyone);
                if (!tallies.TryGetValue(key, out tally)) tallies[key] = tally = new(happened);
            }
            tally.Last = happened;
            return (++tally.Number, tally is { Number: 1, GoesOn: false });
        }
    }

    /// <summary>What there is to say of the time since the last sum; what has ceased is forgotten.</summary>
    public IReadOnlyList<Sum> SumUp()
    {
        var sums = new List<Sum>();
        lock (gate)
        {
            foreach (var (key, tally) in tallies)
            {
                if (tally.Number == 0) tallies.Remove(key);
                else if (tally.Number - (tally.GoesOn ? 0 : 1) is > 0 and var unsaid) sums.Add(new(tally.Last, unsaid, Math.Max(0, tally.Number - Singly)));
                (tally.Number, tally.GoesOn) = (0, tally.Number > 0);
            }
        }
        return sums;
    }

    private const string Everyone = "*";

    /// <param name="Last">Stands for all of them.</param>
    /// <param name="Unlogged">More than the one that the log has.</param>
    /// <param name="Unlisted">More than those that are listed singly.</param>
    internal sealed record Sum(SecurityEvent Last, long Unlogged, long Unlisted);

    private sealed class Tally(SecurityEvent first)
    {
        public SecurityEvent Last { get; set; } = first;
        public long Number { get; set; }

        /// <summary>It happened in the minute before too: the log has said so, and gets the sum alone.</summary>
        public bool GoesOn { get; set; }
    }
}
