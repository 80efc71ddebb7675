namespace Empire.Http;

/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor)
{
    /// <summary>The same page in the shape the client sees.</summary>
    public Page<TResult> Select<TResult>(Func<T, TResult> shape) => new([.. Data.Select(shape)], NextCursor);
}

/// <summary>The query parameters of every list. A handler takes it with <c>[AsParameters]</c>, selects <see cref="Fetch"/> rows after
/// <see cref="After{TKey}"/> and hands them to <see cref="ToPage{T, TKey}"/>.</summary>
/// <param name="Limit">1 to 100 rows a page; null is 50.</param>
/// <param name="Cursor">The <c>next_cursor</c> of the page before; null is the first page.</param>
public sealed record PageRequest(int? Limit = null, string? Cursor = null)
{
    private const int Usual = 50, Most = 100;

    /// <summary>One row more than the page shows: whether it comes tells if there is a next page.</summary>
    /// <exception cref="InvalidFieldException">The limit is out of range.</exception>
    public int Fetch => Size + 1;

    private int Size => Limit is null or (>= 1 and <= Most) ? Limit ?? Usual : throw new InvalidFieldException("limit", $"wanted: 1 to {Most}.");

    /// <returns>The sort key of the last row already shown; null on the first page.</returns>
    /// <exception cref="InvalidFieldException">The cursor is not one that this list returned.</exception>
    public TKey? After<TKey>() where TKey : struct => string.IsNullOrEmpty(Cursor) ? null : Http.Cursor.Decode<TKey>(Cursor);

    /// <param name="rows">Up to <see cref="Fetch"/> rows in the order of <paramref name="key"/>.</param>
    public Page<T> ToPage<T, TKey>(IReadOnlyList<T> rows, Func<T, TKey> key) where TKey : struct =>
        rows.Count <= Size ? new(rows, null) : new([.. rows.Take(Size)], Http.Cursor.Encode(key(rows[Size - 1])));
}
