namespace Empire.Analytics.Returns;

/// <summary>What came back for what was spent.</summary>
/// <param name="Revenue">Commissions less those taken back; negative where a period takes back more than it brings.</param>
public readonly record struct Return(Money Cost, Money Revenue)
{
    /// <summary>(revenue − cost) / cost × 100, rounded half to even to two places. Null where nothing was spent, or more was credited than spent: the figure is undefined, not infinite.</summary>
    public decimal? RoiPercent => Cost.Micros <= 0 ? null : decimal.Round((Revenue - Cost).Micros * 100m / Cost.Micros, 2, MidpointRounding.ToEven) + 0.00m; // always shows two

    public static Return None(Currency currency) => new(Money.Zero(currency), Money.Zero(currency));

    public static Return operator +(Return a, Return b) => new(a.Cost + b.Cost, a.Revenue + b.Revenue);
}
