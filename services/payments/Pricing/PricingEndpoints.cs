using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Pricing;

/// <summary>What a product should cost, from what was paid for it at the prices it had.</summary>
public static class PricingEndpoints
{
    private static readonly TimeSpan Seen = TimeSpan.FromDays(180);

    public static void MapPricing(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/revenue/optimize/pricing", AdviseAsync).WithTags("Pricing").WithName("OptimizePricing");
        app.MapPost("/api/ai/optimize-pricing", AdviseAsync).WithTags("Pricing").WithName("OptimizePricingByMarket");
    }

    /// <example>{"product_name": "Coffee course", "current_price": 39.00, "currency": "USD", "market_data": [{"price": 35.00, "offers": 400, "sales": 31}, {"price": 45.00, "offers": 400, "sales": 22}]}</example>
    /// <param name="ProductName">As the description of its payments, in any case.</param>
    /// <param name="CurrentPrice">In <paramref name="Currency"/>.</param>
    /// <param name="MarketData">What was observed elsewhere; it is counted with what is observed here.</param>
    public sealed record Request(
        [Required, StringLength(200, MinimumLength = 1)] string ProductName, [Range(0.0, 1e9, MinimumIsExclusive = true)] decimal CurrentPrice, string Currency = "USD", [MaxLength(1000)] IReadOnlyList<Observation>? MarketData = null);

    /// <param name="Offers">How often it was offered at this price.</param>
    /// <param name="Sales">How often it was bought; at most as often as offered.</param>
    public sealed record Observation([Range(0.0, 1e9, MinimumIsExclusive = true)] decimal Price, [Range(1, 1_000_000_000)] long Offers, [Range(0, 1_000_000_000)] long Sales);

    /// <param name="RevenueChangePercent">Expected, of revenue per offer; 0 where nothing is recommended.</param>
    public sealed record Impact(decimal RevenueChangePercent);

    /// <param name="Confidence">none, low, medium or high.</param>
    /// <param name="Reasoning">What the advice rests on.</param>
    /// <example>{"product_name": "Coffee course", "current_price": 39.00, "recommended_price": 34.74, "expected_impact": {"revenue_change_percent": 1.53}, "confidence": "medium",
    /// "reasoning": "From 3 prices and 1200 offers: each unit of price loses 0.224 points of the buyers.", "observed": [{"price": 35.00, "offers": 400, "sales": 31}, {"price": 39,
    /// "offers": 400, "sales": 27}, {"price": 45.00, "offers": 400, "sales": 22}]}</example>
    public sealed record Response(string ProductName, decimal CurrentPrice, decimal RecommendedPrice, Impact ExpectedImpact, string Confidence, string Reasoning, IReadOnlyList<Observation> Observed);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> AdviseAsync(
        Request request, Caller caller, Database db, TimeProvider clock, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, [FromKeyedServices(FlutterwaveSetup.Provider)] FlutterwaveOptions flutterwave,
        [FromKeyedServices(NowPaymentsSetup.Provider)] NowPaymentsOptions coins, CancellationToken ct)
    {
        if (!Empire.Currency.TryParse(request.Currency, out var currency)) throw new InvalidFieldException("currency", "wanted: an ISO 4217 code, as USD.");
        foreach (var (observation, at) in (request.MarketData ?? []).Select((observation, at) => (observation, at)))
            if (observation.Sales > observation.Offers) throw new InvalidFieldException($"market_data[{at}].sales", "is more than was offered.");
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var own = await work.QueryAsync<(long Micros, long Offers, long Sales)>(
            """
            select amount_micros + credit_micros, count(*), count(*) filter (where status = 'succeeded') from payments -- credit is their money; what a coupon takes off is not asked
            where tenant_id = current_tenant() and lower(description) = lower(@ProductName) and currency = @currency and created_at >= @since
              and test = case provider when 'stripe' then @stripe when 'flutterwave' then @flutterwave else @coins end -- what was tried before the keys were live is no demand
            group by 1
            """, new { request.ProductName, currency = currency.Code, since = clock.GetUtcNow() - Seen, stripe = stripe.Test, flutterwave = flutterwave.Test, coins = coins.Test }, ct);
        var observed = own.Select(point => new PricePoint((decimal)point.Micros / Money.MicrosPerUnit, point.Offers, point.Sales)).Concat((request.MarketData ?? []).Select(point => new PricePoint(point.Price, point.Offers, point.Sales)))
            .GroupBy(point => point.Price).Select(price => new PricePoint(price.Key, price.Sum(point => point.Offers), price.Sum(point => point.Sales))).OrderBy(point => point.Price).ToList();
        var advice = DemandCurve.Advise(request.CurrentPrice, observed, StripeMoney.Step(currency).Amount);
        return TypedResults.Ok(new Response(request.ProductName, request.CurrentPrice, advice.RecommendedPrice, new(advice.RevenueChangePercent), advice.Confidence, advice.Because, [.. observed.Select(point => new Observation(point.Price, point.Offers, point.Sales))]));
    }
}
