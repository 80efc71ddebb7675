using System.Globalization;

namespace Empire.Sandbox.X;

/// <summary>X's rate limits: so many calls per user and endpoint in windows of 15 minutes, told by the x-rate-limit headers of every answer.</summary>
public sealed class RateWindows(TimeProvider clock)
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    readonly Lock gate = new();
    readonly Dictionary<(string User, string Endpoint), (DateTimeOffset Start, int Used)> windows = [];

    /// <summary>Counts the call and writes the headers.</summary>
    /// <returns>False when the window is used up: answer 429.</returns>
    public bool Admit(HttpResponse response, string user, string endpoint, int limit)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset start;
        int used;
        lock (gate)
        {
            (start, used) = windows.TryGetValue((user, endpoint), out var open) && now - open.Start < Window ? open : (now, 0);
            used++;
            windows[(user, endpoint)] = (start, used);
        }
        response.Headers["x-rate-limit-limit"] = limit.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-rate-limit-remaining"] = Math.Max(0, limit - used).ToString(CultureInfo.InvariantCulture);
        response.Headers["x-rate-limit-reset"] = (start + Window).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return used <= limit;
    }

    public void Clear()
    {
        lock (gate) windows.Clear();
    }
}
