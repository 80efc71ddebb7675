using System.ComponentModel.DataAnnotations;
using Empire.Data;

namespace Empire.Analytics.Platform;

/// <summary>Section "Prices", the same as of payments: what a month of each tier costs.</summary>
public sealed class TierPrices
{
    [Range(0.01, 1_000_000)] public decimal Professional { get; init; } = 49;
    [Range(0.01, 1_000_000)] public decimal Enterprise { get; init; } = 199;
    [Required, RegularExpression("^[A-Z]{3}$")] public string Currency { get; init; } = "USD";
}

/// <summary>The customers of this installation, its operator not among them.</summary>
/// <param name="MonthlyRecurringRevenue">What the tiers of all customers cost a month, of <paramref name="Currency"/>.</param>
/// <param name="TotalCustomerSavings">US dollars that customers' measures have saved, as far as it can be measured against what would have been spent.</param>
/// <param name="PotentialCustomerSavings">US dollars that customers' unused GPUs have cost so far.</param>
/// <param name="ConversionRate">Percent of customers who pay, to one decimal; null without customers.</param>
public sealed record PlatformStats(
    int Customers, IReadOnlyDictionary<string, int> CustomersByTier, decimal MonthlyRecurringRevenue, string Currency, decimal TotalCustomerSavings, decimal PotentialCustomerSavings, decimal? ConversionRate)
{
    internal static async Task<PlatformStats> ReadAsync(Work work, TierPrices prices, CancellationToken ct)
    {
        var row = await work.QuerySingleAsync<Row>(
            """
            select c.*, s.* from (
              select count(*) filter (where tier = 'free')::int as free, count(*) filter (where tier = 'professional')::int as professional, count(*) filter (where tier = 'enterprise')::int as enterprise
              from customers where not is_operator
            ) c, (
              select coalesce(sum(saved_micros), 0)::bigint as saved_micros, coalesce(sum(wasted_micros), 0)::bigint as wasted_micros
              from customer_savings s where not exists (select from customers c where c.tenant_id = s.tenant_id and c.is_operator)
            ) s
            """, ct: ct);
        var (all, paying) = (row.Free + row.Professional + row.Enterprise, row.Professional + row.Enterprise);
        return new(
            all, new Dictionary<string, int> { ["free"] = row.Free, ["professional"] = row.Professional, ["enterprise"] = row.Enterprise }, row.Professional * prices.Professional + row.Enterprise * prices.Enterprise,
            prices.Currency, (decimal)row.SavedMicros / Money.MicrosPerUnit, (decimal)row.WastedMicros / Money.MicrosPerUnit, all == 0 ? null : decimal.Round(100m * paying / all, 1, MidpointRounding.AwayFromZero));
    }

    private sealed record Row
    {
        public int Free { get; init; }
        public int Professional { get; init; }
        public int Enterprise { get; init; }
        public long SavedMicros { get; init; }
        public long WastedMicros { get; init; }
    }
}
