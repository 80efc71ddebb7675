using Empire.Http;

namespace Empire.Payments.Ledger;

/// <summary>The query parameter <c>base</c> of reports.</summary>
internal static class BaseCurrency
{
    /// <returns>Null when none is asked for.</returns>
    /// <exception cref="InvalidFieldException">Not an ISO 4217 code.</exception>
    public static string? Of(string? text) =>
        text is null ? null : Currency.TryParse(text, out var currency) ? currency.Code : throw new InvalidFieldException("base", "wanted: an ISO 4217 code, as in USD.");
}

/// <summary>Days whose money in a currency is not in a sum, because nobody stored the rate. Rather than guess, it says so.</summary>
public sealed record MissingRate(string Currency, IReadOnlyList<DateOnly> Days)
{
    internal static IReadOnlyList<MissingRate> Of(IEnumerable<Row> rows) =>
        [.. rows.GroupBy(row => row.Currency, StringComparer.Ordinal).OrderBy(own => own.Key, StringComparer.Ordinal)
            .Select(own => new MissingRate(own.Key, [.. own.Select(row => DateOnly.FromDateTime(row.Day)).Distinct().Order()]))];

    internal sealed record Row
    {
        public string Currency { get; init; } = "";
        public DateTime Day { get; init; }
    }
}
