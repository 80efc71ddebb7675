namespace Empire.Gateway.Limits;

/// <summary>The same windows in this process alone. It counts along while Redis decides, so that it knows what this instance has let through when Redis is gone.</summary>
internal sealed class LocalWindows(TimeProvider clock)
{
    private const int MostKeys = 50_000;   // at 100 requests each some 40 MB; beyond it the idle ones go

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<long>> counted = new(StringComparer.Ordinal);

    public Standing Take(ReadOnlySpan<Window> windows)
    {
        var now = clock.GetUtcNow().UtcTicks;
        lock (gate)   // all windows or none; only without Redis, or for a short push
        {
            var (exceeded, longest) = (-1, TimeSpan.Zero);
            var (strictest, remaining, reset) = (0, long.MaxValue, TimeSpan.Zero);
            for (var i = 0; i < windows.Length; i++)
            {
                var queue = QueueOf(windows[i], now);
                var left = windows[i].Limit - queue.Count;
                var oldest = TimeSpan.FromTicks((queue.Count > 0 ? queue.Peek() : now) + windows[i].Length.Ticks - now);
                if (left <= 0 && oldest > longest) (exceeded, longest) = (i, oldest);
                if (left - 1 < remaining) (strictest, remaining, reset) = (i, left - 1, oldest);
            }
            if (exceeded >= 0) return new(exceeded, exceeded, 0, longest);
            foreach (var window in windows) QueueOf(window, now).Enqueue(now);
            return new(-1, strictest, remaining, reset);
        }
    }

    /// <summary>Counts a request that Redis has let through.</summary>
    public void Record(ReadOnlySpan<Window> windows)
    {
        var now = clock.GetUtcNow().UtcTicks;
        lock (gate)
        {
            foreach (var window in windows)
            {
                var queue = QueueOf(window, now);
                if (queue.Count >= window.Limit) queue.Dequeue();
                queue.Enqueue(now);
            }
        }
    }

    private Queue<long> QueueOf(in Window window, long now)
    {
        if (counted.Count >= MostKeys) Sweep(now);
        if (!counted.TryGetValue(window.Key, out var queue)) counted[window.Key] = queue = new();
        while (queue.TryPeek(out var oldest) && oldest <= now - window.Length.Ticks) queue.Dequeue();
        return queue;
    }

    private void Sweep(long now)
    {
        foreach (var (key, queue) in counted)
            if (queue.Count == 0 || queue.Last() < now - TimeSpan.TicksPerHour) counted.Remove(key);
        if (counted.Count >= MostKeys) counted.Clear();   // an attack with ever new addresses; blocks still hold
    }
}
