using Empire.Contracts.V1;

namespace Empire.Analytics.Returns;

/// <summary>The figures of every dimension at one moment.</summary>
/// <param name="Whole">What each dimension's rows in <see cref="Currency"/> sum to.</param>
internal sealed record Snapshot(Return Whole, long Clicks, long Conversions, IReadOnlyList<SnapshotRow> Rows)
{
    /// <summary>Of the whole; rows of other currencies stand beside it.</summary>
    public static readonly Currency Currency = Currency.Usd;

    public static Snapshot Of(IReadOnlyList<SnapshotRow> rows)
    {
        var any = rows.Where(row => row.Dimension == "platform" && row.Currency == Currency.Code).ToList();
        return new(any.Aggregate(Return.None(Currency), (sum, row) => sum + row.Return), any.Sum(row => row.Clicks), any.Sum(row => row.Conversions), rows);
    }

    public ComputeReturnsReply ToReply(bool complete)
    {
        var reply = new ComputeReturnsReply
        {
            Cost = Amount(Whole.Cost), Revenue = Amount(Whole.Revenue), Clicks = checked((int)Clicks), Conversions = checked((int)Conversions), Complete = complete,
        };
        reply.Returns.AddRange(Rows
            .OrderBy(row => row.Dimension, StringComparer.Ordinal).ThenBy(row => row.Currency, StringComparer.Ordinal)
            .ThenByDescending(row => row.RevenueMicros).ThenByDescending(row => row.CostMicros).ThenBy(row => row.Value, StringComparer.Ordinal)
            .Select(row => new Contracts.V1.Return
            {
                Dimension = row.Dimension, Value = row.Value, Cost = Amount(row.Return.Cost), Revenue = Amount(row.Return.Revenue),
                RoiPercent = row.Return.RoiPercent?.ToString("0.00") ?? "",
            }));
        return reply;
    }

    private static Amount Amount(Money money) => new() { Micros = money.Micros, Currency = money.Currency.Code };
}

internal sealed record SnapshotRow
{
    public string Dimension { get; init; } = "";
    public string Value { get; init; } = "";
    public string Currency { get; init; } = "";
    public long CostMicros { get; init; }
    public long RevenueMicros { get; init; }
    public long Clicks { get; init; }

    /// <summary>Less those taken back.</summary>
    public long Conversions { get; init; }

    public Return Return => new(new(CostMicros, Empire.Currency.Parse(Currency)), new(RevenueMicros, Empire.Currency.Parse(Currency)));

    public static SnapshotRow From(string dimension, MoneyRow money, CountRow? counts) => new()
    {
        Dimension = dimension,
        Value = money.Value,
        Currency = money.Currency,
        CostMicros = money.CostMicros,
        RevenueMicros = money.RevenueMicros,
        Clicks = counts?.Clicks ?? 0,
        Conversions = money.Conversions - money.Reversed,
    };
}
