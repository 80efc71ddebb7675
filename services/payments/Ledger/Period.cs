using Empire.Http;

namespace Empire.Payments.Ledger;

/// <summary>A span of whole UTC days, as lists and reports are asked for.</summary>
/// <param name="From">The first day; null is from the beginning.</param>
/// <param name="To">The last day, included; null is until now.</param>
public readonly record struct Period(DateOnly? From, DateOnly? To)
{
    public DateTimeOffset? Start => From is { } day ? new(day, TimeOnly.MinValue, TimeSpan.Zero) : null;

    /// <summary>The first instant after the period.</summary>
    public DateTimeOffset? End => To is { } day && day < DateOnly.MaxValue ? new(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;

    /// <exception cref="InvalidFieldException">It ends before it begins.</exception>
    public static Period Of(DateOnly? from, DateOnly? to) => from > to ? throw new InvalidFieldException("from", "must not be after 'to'.") : new(from, to);
}
