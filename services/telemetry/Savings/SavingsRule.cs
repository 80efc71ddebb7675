namespace Empire.Telemetry.Savings;

/// <summary>What a GPU wastes: below 30 % of use, what it costs times the unused part; from 30 % on, nothing. A month has 720 hours.</summary>
internal static class SavingsRule
{
    public const int HoursOfMonth = 720;

    /// <summary>Hundredths of a percent below which a GPU is idle.</summary>
    public const long Idle = 1_000;

    /// <summary>Hundredths of a percent below which a GPU is used too little.</summary>
    public const long UnderUsed = 3_000;

    private const long Whole = 10_000;

    /// <param name="cost">In any unit.</param>
    /// <param name="util">Hundredths of a percent.</param>
    /// <returns>In the unit of the cost, rounded down.</returns>
    public static long Waste(long cost, long util) => util < UnderUsed ? (long)((Int128)cost * (Whole - util) / Whole) : 0;

    /// <param name="util">Null: not told. Then a MIG instance wastes nothing that anybody knows of, and a GPU that is split wastes what no instance has, which is all that it costs itself.</param>
    /// <param name="part">A MIG instance.</param>
    public static long Waste(long cost, long? util, bool part) => util is { } known ? Waste(cost, known) : part ? 0 : cost;
}
