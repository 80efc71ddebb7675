using Empire.Http;

namespace Empire.Payments.Heard;

/// <summary>What holds for money that a person enters, whichever way it goes.</summary>
internal static class Entered
{
    private const decimal Most = 1_000_000_000m;
    private const int EarliestYear = 2000, LongestName = 100;

    /// <summary>How far a client's clock may be ahead of ours.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    /// <exception cref="InvalidFieldException">Zero, too much either way, or more than six decimals.</exception>
    public static Money Amount(decimal amount, Currency? currency) => amount == 0 || Math.Abs(amount) > Most || decimal.Round(amount, 6) != amount
        ? throw new InvalidFieldException("amount", $"wanted: not 0, at most {Most:0} either way, with at most six decimals.") : Money.Of(amount, currency ?? Currency.Usd);

    /// <returns>Without the spaces around it.</returns>
    /// <exception cref="InvalidFieldException">Empty, or of several lines.</exception>
    public static string Line(string field, string text) => text.Trim() is { Length: > 0 } line && !line.Any(char.IsControl) ? line : throw new InvalidFieldException(field, "wanted: one line that is not empty.");

    /// <summary>A niche or a platform, which reports are grouped by.</summary>
    /// <exception cref="InvalidFieldException">Empty, of several lines, or longer than 100 characters.</exception>
    public static string? Name(string field, string? text) => text is null ? null : text.Length <= LongestName ? Line(field, text) : throw new InvalidFieldException(field, $"wanted: 1 to {LongestName} characters.");

    /// <returns>In UTC; now where it is not said.</returns>
    /// <exception cref="InvalidFieldException">It has not come yet, or is before 2000.</exception>
    public static DateTimeOffset Moment(string field, DateTimeOffset? at, DateTimeOffset now) => at is null ? now
        : at > now + ClockDifference || at.Value.UtcDateTime.Year < EarliestYear ? throw new InvalidFieldException(field, $"wanted: a moment that has come, not before {EarliestYear}.") : at.Value.ToUniversalTime();

    /// <returns>The beginning of the UTC day; today's where none is said.</returns>
    /// <exception cref="InvalidFieldException">It has not begun yet, or is before 2000.</exception>
    public static DateTimeOffset Day(string field, DateOnly? on, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var day = on ?? today;
        return day > today || day.Year < EarliestYear ? throw new InvalidFieldException(field, $"wanted: a UTC day that has begun, not before {EarliestYear}.") : new(day, TimeOnly.MinValue, TimeSpan.Zero);
    }
}
