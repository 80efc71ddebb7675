using Empire.Data;

namespace Empire.Identity.Bounds;

/// <summary>Counts before something more is made. Whoever makes another of the same kind for the same account or person waits until this work ends, and then counts what it made: two at once never both take
/// the last place.</summary>
internal static class Bound
{
    private const string Code = "limit-reached";

    /// <param name="of">What is counted, as <c>keys</c>.</param>
    /// <param name="whose">The account or person.</param>
    /// <param name="living">What is counted, from <c>from</c> on; its parameters are in <paramref name="parameters"/>.</param>
    /// <param name="detail">For people: the limit, and what to do.</param>
    /// <returns>Null when there is room; otherwise a refusal, for a 409.</returns>
    public static async Task<Refusal?> CheckAsync(Work work, string of, Guid whose, int most, string living, object parameters, string detail, CancellationToken ct)
    {
        await work.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@turn, 0))", new { turn = $"{of}:{whose:N}" }, ct);
        // In a statement of its own: it sees what the one before has left.
        return await work.QuerySingleAsync<long>($"select count(*) {living}", parameters, ct) < most ? null : new(Code, detail);
    }
}
