using Empire.Data;
using Empire.Payments.Stripe;

namespace Empire.Payments.Connect;

/// <summary>A user who sells through a tenant's business, with an account of their own at Stripe.</summary>
public sealed class Seller
{
    public const string Prefix = "seller";

    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string? Name { get; init; }
    public string Country { get; init; } = "";

    /// <summary>What the platform keeps of each sale: 5 to 10 percent.</summary>
    public decimal FeePercent { get; init; }
    public string? ProviderRef { get; init; }
    public string Status { get; init; } = "pending";
    public string? FailureDetail { get; init; }
    public bool ChargesEnabled { get; init; }
    public bool PayoutsEnabled { get; init; }
    public bool DetailsSubmitted { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The platform's share, rounded half to even to what Stripe can move.</summary>
    public Money FeeOf(Money amount)
    {
        var exact = amount.Times(FeePercent / 100);
        if (StripeMoney.TryTo(exact, out _)) return exact;
        var step = StripeMoney.Step(amount.Currency).Micros;
        return exact with { Micros = (long)decimal.Round((decimal)exact.Micros / step, MidpointRounding.ToEven) * step };
    }
}

internal static class SellerTable
{
    public static Task<Seller?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Seller>("select * from sellers where tenant_id = current_tenant() and id = @id", new { id }, ct);
}
