namespace Empire.Telemetry.Settling;

internal enum StreakChange
{
    None,

    /// <summary>It has lasted long enough to be told.</summary>
    Begun,

    /// <summary>One that was told is over.</summary>
    Ended,
}

/// <summary>A state with hysteresis: it begins when its condition has held for a while, and is over when a farther one has held for a while, so that a value that
/// trembles about a threshold is told once.</summary>
internal sealed record Streak
{
    /// <summary>Unix milliseconds; null: not in this state.</summary>
    public long? Since { get; set; }

    /// <summary>Unix milliseconds from which on the state looks over.</summary>
    public long? CalmSince { get; set; }

    public bool Told { get; set; }

    /// <param name="enters">The state's condition holds.</param>
    /// <param name="leaves">The farther condition that ends it holds. Between the two the state stays as it is.</param>
    public StreakChange Step(bool enters, bool leaves, long at, TimeSpan after, TimeSpan calm)
    {
        if (Since is null)
        {
            if (!enters) return StreakChange.None;
            (Since, CalmSince, Told) = (at, null, false);
        }
        else if (leaves)
        {
            CalmSince ??= at;
            if (Told && at - CalmSince < calm.TotalMilliseconds) return StreakChange.None;
            var told = Told;
            if (told) return StreakChange.Ended; // the caller reads Since, then calls Clear
            Clear();
            return StreakChange.None;
        }
        else if (enters) CalmSince = null;
        if (Told || at - Since < after.TotalMilliseconds) return StreakChange.None;
        Told = true;
        return StreakChange.Begun;
    }

    public void Clear() => (Since, CalmSince, Told) = (null, null, false);
}
