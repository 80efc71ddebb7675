namespace Empire.Gateway.Limits;

/// <summary>At most <paramref name="Limit"/> requests in any span of <paramref name="Length"/>.</summary>
/// <param name="Key">Whose, in Redis. Windows that are asked for together name whose they are first and in braces, <c>gateway:{who}:hour</c>: a cluster keeps what has the same braces in one place, and runs a
/// script over one place only.</param>
/// <param name="Name">For people: "requests an hour".</param>
internal readonly record struct Window(string Key, long Limit, TimeSpan Length, string Name);

/// <summary>How a request stands against the strictest of its windows.</summary>
/// <param name="Exceeded">Index of the window that refuses it; -1 when none does and the request is counted.</param>
/// <param name="Strictest">Index of the window that the figures are of.</param>
/// <param name="Reset">Until the next place becomes free, when refused; else until the oldest counted request leaves the window.</param>
internal readonly record struct Standing(int Exceeded, int Strictest, long Remaining, TimeSpan Reset)
{
    public bool Allowed => Exceeded < 0;
}
