using System.Text.RegularExpressions;
using Empire.Payments.Stripe;

namespace Empire.Payments.Coupons;

/// <summary>A reduction that a tenant gives to whoever types its word.</summary>
public sealed partial class Coupon
{
    public const string Prefix = "coup";

    public Guid Id { get; init; }

    /// <summary>What customers type, in any case; kept in capitals.</summary>
    public string Code { get; init; } = "";
    public string? Name { get; init; }

    /// <summary>1 to 100; null where an amount is taken off.</summary>
    public decimal? PercentOff { get; init; }

    /// <summary>In <see cref="Currency"/>; null where a percentage is taken off.</summary>
    public long? AmountOffMicros { get; init; }
    public string? Currency { get; init; }

    /// <summary>once: one payment; repeating: what is paid within <see cref="DurationMonths"/> of the first use; forever.</summary>
    public string Duration { get; init; } = "once";
    public int? DurationMonths { get; init; }

    /// <summary>The last moment of a first use; null: none.</summary>
    public DateTimeOffset? RedeemBy { get; init; }

    /// <summary>Customers who may have it; null: any number.</summary>
    public int? MaxRedemptions { get; init; }
    public bool Active { get; init; }
    public string? StripeId { get; init; }
    public string? StripeProblem { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => Empire.PublicId.Format(Prefix, Id);

    /// <summary>As it is kept and looked for.</summary>
    /// <returns>Null where no code can look like this.</returns>
    public static string? CodeOf(string text) => text.Trim().ToUpperInvariant() is var code && Word().IsMatch(code) ? code : null;

    /// <summary>What it takes off an amount: a percentage rounded half up to what can be charged, and never more than there is.</summary>
    public Money Off(Money amount)
    {
        if (AmountOffMicros is { } off) return amount with { Micros = Math.Min(off, amount.Micros) };
        var step = StripeMoney.Step(amount.Currency).Micros;
        return amount with { Micros = Math.Min((long)decimal.Round((decimal)amount.Micros / step * PercentOff!.Value / 100, MidpointRounding.AwayFromZero) * step, amount.Micros) };
    }

    /// <summary>Whether whoever first used it then still has it now.</summary>
    public bool StillRuns(DateTimeOffset firstUsed, DateTimeOffset now) => Duration == "forever" || (DurationMonths is { } months && firstUsed.AddMonths(months) > now);

    /// <returns>Why nobody gets it any more; null: they do.</returns>
    public string? Over(DateTimeOffset now) => RedeemBy <= now ? "has expired." : null;

    /// <returns>Why it cannot be taken off an amount in this currency; null: it can.</returns>
    public string? Unfit(Currency currency) => Currency is { } own && own != currency.Code ? $"takes off {own}, and this is paid in {currency}." : null;

    [GeneratedRegex("^[A-Z0-9][A-Z0-9_-]{2,39}$")]
    private static partial Regex Word();
}
