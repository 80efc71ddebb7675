using Empire.Data;
using Empire.Effects;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Coupons;

/// <summary>A coupon as Stripe is to have it. How often and until when it may be had is not told there: those limits are held here, over all providers, and what was decided under them must
/// not be refused later.</summary>
/// <param name="UnitsOff">In Stripe's smallest unit of <paramref name="Currency"/>.</param>
public sealed record MirrorCoupon(Guid CouponId, string? Name, decimal? PercentOff, long? UnitsOff, string? Currency, string Duration, int? Months)
{
    public const string Kind = "payments.stripe-coupon";
}

/// <summary>Makes the coupon at Stripe under our id, so that a second one cannot come to be.</summary>
public sealed class MirrorCouponHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options) : EffectHandler<MirrorCoupon>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<MirrorCoupon> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        try
        {
            var made = await new StripeNet.CouponService(StripeActs.Client(clients, options)).CreateAsync(new()
            {
                Id = PublicId.Format(Coupon.Prefix, intent.CouponId), Name = intent.Name, PercentOff = intent.PercentOff, AmountOff = intent.UnitsOff, Currency = intent.Currency?.ToLowerInvariant(), Duration = intent.Duration,
                DurationInMonths = intent.Months, Metadata = new() { [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") },
            }, StripeActs.Once(attempt.Key), ct);
            return new EffectOutcome.Done(made.Id);
        }
        catch (StripeNet.StripeException e) when (e.StripeError?.Code == "resource_already_exists")
        {
            return new EffectOutcome.Done(PublicId.Format(Coupon.Prefix, intent.CouponId)); // our id, so it is ours
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    /// <summary>Under our id a repeat is a question.</summary>
    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<MirrorCoupon> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    public override Task SettledAsync(EffectSettled<MirrorCoupon> settled, Work work, CancellationToken ct) => work.ExecuteAsync(
        "update coupons set stripe_id = coalesce(stripe_id, @reference), stripe_problem = @problem where tenant_id = current_tenant() and id = @CouponId",
        new { reference = settled.Succeeded ? settled.Reference : null, problem = settled.Succeeded ? null : settled.Detail ?? "Stripe refused.", settled.Intent.CouponId }, ct);
}
