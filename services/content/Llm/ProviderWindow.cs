using Empire.Data;

namespace Empire.Content.Llm;

/// <summary>Spaces calls so that at most <c>limit</c> start within any window. Whoever asks is given a place in the queue, in order of asking, over all replicas.</summary>
public static class ProviderWindow
{
    /// <param name="starts">The latest starts given out, oldest first; brought up to date.</param>
    /// <returns>When the next call may start: now, or when the window opens.</returns>
    public static DateTimeOffset Take(List<DateTimeOffset> starts, DateTimeOffset now, int limit, TimeSpan window)
    {
        var start = starts.Count >= limit && starts[^limit] + window > now ? starts[^limit] + window : now;
        starts.Add(start);
        if (starts.Count > limit) starts.RemoveRange(0, starts.Count - limit);
        return start;
    }

    /// <summary>Takes the next place under the provider's key; it counts from the commit on. The row stays locked until then.</summary>
    public static async Task<DateTimeOffset> TakeAsync(Work work, Provider provider, DateTimeOffset now, CancellationToken ct)
    {
        var row = await work.QuerySingleAsync<DateTime[]>(
            """
            insert into provider_windows (key, starts) values (@key, '{}')
            on conflict (key) do update set key = excluded.key
            returning starts
            """, new { key = provider.WindowKey }, ct);
        var starts = row.Select(start => new DateTimeOffset(DateTime.SpecifyKind(start, DateTimeKind.Utc))).ToList();
        var mine = Take(starts, now, provider.Calls, provider.Window);
        await work.ExecuteAsync(
            "update provider_windows set starts = @starts where key = @key",
            new { key = provider.WindowKey, starts = starts.Select(start => start.UtcDateTime).ToArray() }, ct);
        return mine;
    }
}
