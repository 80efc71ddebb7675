namespace Empire.Content.Llm;

/// <summary>How long to wait before asking the same model again: doubling from the first wait up to the longest, and never less than the provider asks for.</summary>
public static class RetryWaits
{
    /// <param name="attempt">The one that has just failed, from 1.</param>
    /// <returns>Null when the provider asks for more patience than the settings allow: ask another model.</returns>
    public static TimeSpan? After(int attempt, TimeSpan? retryAfter, LlmOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        if (retryAfter > options.LongestRetryAfter) return null;
        var doubled = options.FirstWait * Math.Pow(2, Math.Min(attempt - 1, 16));
        var wait = doubled < options.LongestWait ? doubled : options.LongestWait;
        return retryAfter > wait ? retryAfter : wait;
    }
}
